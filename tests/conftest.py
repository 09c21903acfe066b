"""What several rooms' tests stand on."""

from __future__ import annotations

import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLAYED_LIVE = ["live/*", "verbs/test_drill_*", "release/test_live_*", "agreement/*", "recovery/*"]
HARDLY_TIMED = [  # of these: what is said over a wire, refused, ended or judged; nobody asks when it happened
    *(f"live/test_live_{what}.py" for what in ("deeds", "guardian", "hooks", "redirects", "session", "transport")),
    *(
        f"verbs/test_drill_{what}.py"
        for what in ("broken_targets", "by_locust", "ended", "host", "missed", "refused", "secrets")
    ),
]
# From Python 3.13 on a chain is believed only where certificates say who made them, and what theirs may be used for.
NAMES = "subjectAltName=DNS:staging.example,IP:127.0.0.1\nauthorityKeyIdentifier=keyid\n"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever plays in real time is marked ``alone``: beside a busy neighbour its customers would come too late."""
    for item in items:
        name = item.path.relative_to(HERE).as_posix()
        if any(fnmatch(name, some) for some in PLAYED_LIVE) and name not in HARDLY_TIMED:
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``ca.pem``, and a pair vouched for by it of ``server`` (staging.example) and of ``client``."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("certificates are made by openssl, which is not installed")
    folder = tmp_path_factory.mktemp("certificates")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    authority = ("-subj", "/CN=an authority of tests", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    run(*new, "-x509", "-days", "2", "-keyout", "ca.key", "-out", "ca.pem", *authority)
    (folder / "names").write_text(NAMES)
    for who in ("server", "client"):
        run(*new, "-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", f"/CN={who}")
        run(
            "x509", "-req", "-in", f"{who}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", "2", "-extfile", "names", "-out", f"{who}.pem",
        )  # fmt: skip
    return folder

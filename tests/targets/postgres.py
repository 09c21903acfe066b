"""A PostgreSQL server of one's own in a temporary folder, reached by a socket there; Debian's package is enough."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "helpdesk"
START_S = 30.0
UNTIL_EOF = '"$@" & read -r _; kill -INT $!; wait'  # a server whose starter is gone ends, too


def programs() -> Path | None:
    """Where ``initdb`` and ``postgres`` are; None if they are not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def why_not() -> str:
    """Why there cannot be a server here; empty when there can."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and _account() is None:
        return "PostgreSQL refuses to run as root, and there is no user postgres"
    return ""


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """A running server as long as the block lasts: what a Django database needs to be told of it."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    bin_ = programs() or Path()
    user = _account() if os.geteuid() == 0 else None  # it refuses to run as root
    if user is not None:
        os.chown(folder, user, -1)
    data = ["-D", str(folder / "data")]
    setup = [str(bin_ / "initdb"), *data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    options = [*data, "-k", str(folder), "-c", "listen_addresses=", "-c", "max_connections=200"]
    try:
        subprocess.run(setup, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)
        command = ["/bin/sh", "-c", UNTIL_EOF, "sh", str(bin_ / "postgres"), *options]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=folder, user=user, start_new_session=True
        )
        try:
            _wait(bin_, folder)
            subprocess.run([bin_ / "createdb", "-h", folder, "-U", USER, USER], check=True)
            yield {"NAME": USER, "USER": USER, "HOST": str(folder)}
        finally:
            process.communicate(timeout=START_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> int | None:
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        return None


def _wait(bin_: Path, folder: Path) -> None:
    """Until it answers."""
    last = time.monotonic() + START_S
    while subprocess.run(
        [bin_ / "pg_isready", "-q", "-h", folder, "-U", USER, "-d", "postgres"], check=False
    ).returncode:
        if time.monotonic() > last:
            msg = f"PostgreSQL was not ready after {START_S:.0f} s"
            raise TimeoutError(msg)
        time.sleep(0.1)

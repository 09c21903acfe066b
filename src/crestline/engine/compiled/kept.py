"""Where machine code of the kernel is kept from one process to the next.

The kernel consists of several files, and of ``rules``. What was made of them is kept in a folder named by the hash of
all these sources: an edit anywhere leads to another folder, and never to a stale kernel.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from llvmlite import binding

from crestline import rules

CHECKSUM = 32  # bytes
OTHERS_WRITE = 0o002


class Code(NamedTuple):
    """A function in machine code: its name there, an object file, and names of what the file needs from elsewhere."""

    symbol: str
    image: bytes
    needs: tuple[str, ...] = ()


def sources() -> list[Path]:
    """The files that make up the kernel."""
    return [*sorted(Path(__file__).parent.glob("*.py")), Path(rules.__file__)]


def cache_folder() -> Path:
    """Where machine code of just these sources is kept: in the user's cache, or where that cannot be written to."""
    digest = _digest(b"".join(path.read_bytes() for path in sources()))
    for root in _roots():
        folder = root / "crestline" / f"kernel-{digest}"
        if _is_made(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="crestline-kernel-"))


def _roots() -> Iterator[Path]:
    for root in (os.environ.get("XDG_CACHE_HOME"), os.path.expanduser("~/.cache"), tempfile.gettempdir()):  # noqa: PTH111
        if root:
            yield Path(root)


def _is_made(folder: Path) -> bool:
    """Whether the folder is there, can be written to, and cannot be by anybody else: its files are run."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = [part.stat() for part in (folder, folder.parent)]
    except OSError:
        return False
    is_own = all(part.st_uid == os.getuid() and not part.st_mode & OTHERS_WRITE for part in made)
    return is_own and os.access(folder, os.W_OK)


def machine() -> str:
    """The processor and the Python for which numba makes code, and which numba it is, as part of a file's name."""
    cpu = f"{binding.get_default_triple()} {binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"
    return _digest(f"{cpu} {version('numba')} {object.__basicsize__}".encode())


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]


FOLDER = cache_folder()
MACHINE = machine()


def place(name: str, form: str) -> Path:
    """Where the code of a function is kept that takes arguments of a form."""
    return FOLDER / f"{name}-{MACHINE}-{_digest(form.encode())}.code"


def is_kept(name: str) -> bool:
    """Whether code of a function is kept, for arguments of whatever form."""
    return any(FOLDER.glob(f"{name}-{MACHINE}-*.code"))


def read(path: Path) -> Code | None:
    """Code that was kept; nothing where there is none, or where the file is not what was written."""
    try:
        text = path.read_bytes()
    except OSError:
        return None
    checksum, rest = text[:CHECKSUM], text[CHECKSUM:]
    if hashlib.sha256(rest).digest() != checksum:
        return None
    symbol, _, image = rest.partition(b"\n")
    return Code(symbol.decode(), image)


def write(path: Path, code: Code) -> None:
    """Keep code that stands alone, all of it or nothing; what cannot be kept the next process makes again."""
    if code.needs:
        return
    rest = code.symbol.encode() + b"\n" + code.image
    waiting = path.with_suffix(f".{os.getpid()}")
    try:
        waiting.write_bytes(hashlib.sha256(rest).digest() + rest)
        waiting.replace(path)
    except OSError:
        waiting.unlink(missing_ok=True)

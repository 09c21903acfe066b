"""One drill per target at a time: two at once would measure each other.

A file per target in a folder of the user's, held by whoever drives the drill. The system lets go of it when that
process ends, however it does.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crestline.errors import TargetError
from crestline.live.hosts import target_of


@contextmanager
def only_drill(host: str) -> Iterator[None]:
    """Be the only drill of this user and machine against ``host`` as long as the block lasts, or be refused."""
    path = _folder() / f"{target_of(host)}.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            msg = (
                f"--host {host}: refused, since {file.read() or 'another process'} drills it already; wait for its end"
            )
            raise TargetError(msg) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}, begun {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC,")
        file.flush()
        yield


def _folder() -> Path:
    """Where locks are: gone after a restart, and nobody else's."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(given or tempfile.gettempdir()) / f"crestline-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        is_own = folder.stat().st_uid == os.getuid()
    except OSError as error:
        msg = f"{folder}: cannot be used for the locks of drills ({error.strerror}); set TMPDIR to a folder that can"
        raise TargetError(msg) from None
    if not is_own:
        msg = f"{folder}: belongs to somebody else, so that locks in it are worth nothing; set TMPDIR to another place"
        raise TargetError(msg)
    return folder

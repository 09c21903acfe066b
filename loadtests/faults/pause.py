"""A fault of one's own: whatever listens on a port is stopped where it stands, as if its machine were frozen.

    python loadtests/faults/pause.py stop 8000        # breaks it
    python loadtests/faults/pause.py go 8000          # mends it; may be done twice
    python loadtests/faults/pause.py is-stopped 8000  # exit code 0 while it is broken, 1 while it is not

The same three functions serve as activities of the Chaos Toolkit: ``{module: loadtests.faults.pause, func: stop}``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil  # type: ignore[import-untyped]


def stop(port: int) -> str:
    """Stop it and its children. Returns what was done; raises where nobody listens, so that nothing is claimed."""
    stopped = list(listeners(port))
    if not stopped:
        msg = f"nobody listens on port {port}"
        raise LookupError(msg)
    for process in stopped:
        process.suspend()
    return f"stopped {', '.join(str(process.pid) for process in stopped)}"


def go(port: int) -> str:
    """Let it go on. Nothing to be done is no error: an undo has to work after half a fault, and twice."""
    for process in listeners(port):
        process.resume()
    return f"whoever listens on port {port} goes on"


def is_stopped(port: int) -> bool:
    """Whether the fault is in force, seen from outside and not by what ``stop`` believes to have done."""
    states = [process.status() for process in listeners(port)]
    return bool(states) and all(state == psutil.STATUS_STOPPED for state in states)


def listeners(port: int) -> Iterator[psutil.Process]:
    """Processes of this user that listen on a port, and their children."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in process.net_connections("tcp")):
                yield process


def main(do: str, port: str) -> int:
    """One of the three, as a command."""
    if do == "is-stopped":
        return int(not is_stopped(int(port)))
    try:
        sys.stdout.write({"stop": stop, "go": go}[do](int(port)) + "\n")
    except LookupError as error:
        sys.exit(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

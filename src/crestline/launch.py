"""Child processes: started with a pipe whose closing ends them, watched until they are ready, stopped by their pid.

A child is given ``--parent-pipe FD`` and ends when the other end of that pipe closes, however its parent dies.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crestline.errors import TargetError

READY = "desk ready at "
START_S = 30.0  # how long a child has to say that it is ready
STOP_S = 10.0  # how long it has to end when it is asked to, before it is killed


@dataclass(frozen=True)
class Child:
    """A running child; ``told`` is what it said when it was ready, for a desk its address."""

    process: subprocess.Popen[str]
    pipe: int
    told: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether it is gone, although nobody asked it to end."""
        return self.process.poll() is not None

    def stop(self) -> int:
        """Ask it to end, kill it if it does not, and let go of the pipe; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        os.close(self.pipe)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def start_desk(command: Sequence[str], *, log: Path) -> Child:
    """Start a reference desk and wait until it has told its address; what it says on stderr goes to ``log``."""
    reading, writing = os.pipe()
    try:
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [*command, "--parent-pipe", str(reading)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                pass_fds=(reading,),
                start_new_session=True,
            )
    finally:
        os.close(reading)
    child = Child(process, writing)
    try:
        line = _line(process, READY)
    except BaseException:
        child.stop()
        raise
    if line is None:
        code = child.stop()
        msg = f"the reference desk was not ready after {START_S:.0f} s (exit code {code}); see {log}"
        raise TargetError(msg)
    return Child(process, writing, line.removeprefix(READY).strip())


def _line(process: subprocess.Popen[str], beginning: str) -> str | None:
    """The line that begins so; None when the child ends or takes too long."""
    out, last = process.stdout, time.monotonic() + START_S
    while out is not None and (left := last - time.monotonic()) > 0:
        if select.select([out], [], [], min(left, 0.5))[0]:
            line = out.readline()
            if not line or line.startswith(beginning):
                return line or None
        elif process.poll() is not None:
            return None
    return None

"""What keeps a live run from doing harm: who may be a target, and when to stop.

The guards before the start raise; the guards during the run name a reason to stop.
"""

from __future__ import annotations

import ipaddress
import math
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from crestline.errors import GuardStop, TargetError
from crestline.live.adapters import Capabilities
from crestline.live.ledger import STOP
from crestline.tables import Outcome

BUDGET = 0.5  # share of the latest ended contacts that may fail while no fault explains it


def check_host(host: str, allowed: Sequence[str]) -> None:
    """Refuse a host that is neither this machine nor named by the scenario; before a single request."""
    name, place = _name_and_place(host)
    if not name:
        msg = f"--host {host!r}: expected an address like http://127.0.0.1:8000"
        raise TargetError(msg)
    if not _is_loopback(name) and name not in allowed and place not in allowed:
        listed = ", ".join(allowed) or "none"
        msg = (
            f"--host {host}: refused, since {name} is neither this machine nor in "
            f"load_test.allowed_hosts (got {listed}); add it there if you may put load on it"
        )
        raise TargetError(msg)


def _name_and_place(host: str) -> tuple[str, str]:
    """The host's name, and the same with its port; empty where it is no address."""
    try:
        parts = urlsplit(host)
        is_address = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:  # a port that is none, or brackets without an address in them
        return "", ""
    return (parts.hostname or "", parts.netloc) if is_address else ("", "")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def check_target(faults: Iterable[str], can: Capabilities, token: str) -> None:
    """Refuse a target that cannot keep runs apart, or cannot suffer the faults that are planned."""
    if not can.by_run:
        msg = "adapter: this target cannot give agents the contacts of one run alone; they would touch those of others"
        raise TargetError(msg)
    for kind in faults:
        if kind not in can.faults:
            told = ", ".join(can.faults) or "none"
            msg = f"faults: {kind} cannot be brought about in this target (it knows {told}); leave it out"
            raise TargetError(msg)
        if not token:
            msg = f"faults: {kind} needs the target's token; set CRESTLINE_DESK_TOKEN as it was when the desk started"
            raise TargetError(msg)


def check_rate(planned: Sequence[float], max_rate: float) -> None:
    """Refuse a plan whose busiest real second holds more arrivals than ``max_rate``."""
    peak = peak_rate(planned)
    if peak > max_rate:
        msg = (
            f"load_test.max_rate: the plan peaks at {peak:.0f} contacts per real second, "
            f"allowed are {max_rate:.0f}; lower load_test.time_scale or the level"
        )
        raise GuardStop(msg)


def peak_rate(planned: Sequence[float]) -> float:
    """The largest number of planned instants (real seconds, ascending) within one second."""
    window: deque[float] = deque()
    peak = 0
    for instant in planned:
        window.append(instant)
        while window[0] <= instant - 1.0:
            window.popleft()
        peak = max(peak, len(window))
    return float(peak)


class Meter:
    """Keeps requests within a rate: a bucket that leaks ``rate`` a second and holds as many."""

    def __init__(self, rate: float) -> None:
        self.rate, self.count = rate, 0
        self._level, self._at = 0.0, -math.inf

    def admit(self, now: float) -> float:
        """Count one more request; how long it has to be held back (seconds)."""
        self.count += 1
        self._level = max(0.0, self._level - (now - self._at) * self.rate) + 1
        self._at = now
        return max(0.0, self._level / self.rate - 1.0)


class Guards:
    """The guards during a run, asked a few times a second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def reason(self, latest: deque[Outcome], fault: str) -> str:
        """Why the run has to stop; empty when it may go on.

        ``latest`` is how the latest contacts ended; what fails during a fault is forgotten.
        """
        if (self.folder / STOP).exists():
            return "stop file"
        if fault:
            latest.clear()
        is_spent = len(latest) == latest.maxlen and latest.count(Outcome.FAILED) > BUDGET * len(latest)
        return "error budget" if is_spent else ""

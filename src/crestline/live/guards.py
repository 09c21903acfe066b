"""What keeps a live run from doing harm: who may be a target, and when to stop.

The guards before the start raise; the guards during the run name a reason to stop.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from crestline.errors import TargetError
from crestline.live.adapters import Capabilities
from crestline.live.hosts import CREDENTIALS, is_this_machine, name_and_place
from crestline.live.ledger import STOP
from crestline.scenario.load_test import LoadTest
from crestline.tables import Outcome
from crestline.units import format_duration

INSTEAD = "files would keep them, so take load_test.headers: {Authorization: 'Basic ${NAME}'}"


def check_unasked(host: str, allowed: Sequence[str]) -> None:
    """Refuse what may be loaded only if somebody says so, where there is nobody to ask: another machine."""
    check_host(host, allowed)
    if not is_this_machine(host):
        msg = f"--host {host}: refused, since it is another machine and there is nobody to ask; add --yes"
        raise TargetError(msg)


def check_host(host: str, allowed: Sequence[str]) -> None:
    """Refuse a host that is neither this machine nor named by the scenario; before a single request."""
    name, place = name_and_place(host)
    if CREDENTIALS.search(host):
        shown = CREDENTIALS.sub("//***@", host)
        msg = f"--host {shown}: expected an address without user and password; {INSTEAD}"
        raise TargetError(msg)
    if not name:
        msg = f"--host {host!r}: expected an address like http://127.0.0.1:8000"
        raise TargetError(msg)
    if not is_this_machine(host) and name not in allowed and place not in allowed:
        listed = ", ".join(allowed) or "none"
        msg = (
            f"--host {host}: refused, since {name} is neither this machine nor in "
            f"load_test.allowed_hosts (got {listed}); add it there if you may put load on it"
        )
        raise TargetError(msg)


def check_target(faults: Iterable[str], can: Capabilities, token: str, *, agents: bool = True) -> None:
    """Refuse a target that cannot keep runs apart where ``agents`` answer, or cannot suffer the faults planned."""
    if agents and not can.by_run:
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
        raise TargetError(msg)


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


class Held(NamedTuple):
    """How many requests were held back, and for how long together (real seconds)."""

    requests: int = 0
    seconds: float = 0.0


class Meter:
    """Keeps requests within a rate: a bucket that leaks ``rate`` a second and holds as many.

    ``count`` is how many have come; what of them was ``held`` back would pass for slowness of the target.
    """

    def __init__(self, rate: float) -> None:
        self.rate, self.count, self.held = rate, 0, Held()
        self._level, self._at = 0.0, -math.inf

    def admit(self, now: float) -> float:
        """Count one more request; how long it has to be held back (seconds)."""
        self.count += 1
        self._level = max(0.0, self._level - (now - self._at) * self.rate) + 1
        self._at = now
        wait = max(0.0, self._level / self.rate - 1.0)
        if wait:
            self.held = Held(self.held.requests + 1, self.held.seconds + wait)
        return wait


class Guards:
    """The guards during a run, asked a few times a second.

    What fails during a fault, or within the grace of the error budget after it or after the run's zero, is forgotten.
    """

    def __init__(self, folder: Path, test: LoadTest, causes: Counter[str]) -> None:
        """``causes`` is why contacts have failed so far, and how often."""
        self.folder, self.budget, self.deadline, self.causes = folder, test.error_budget, test.deadline, causes
        self.grace = test.error_budget.grace / test.time_scale
        self.latest: deque[Outcome] = deque(maxlen=test.error_budget.of)  # how the latest contacts ended
        self._forgives_until = self.grace

    def reason(self, fault: str, now: float) -> str:
        """Why the run has to stop, ``now`` real seconds after its zero; empty when it may go on."""
        if (self.folder / STOP).exists():
            return "stop file"
        if self.deadline is not None and now >= self.deadline:
            return f"deadline of {format_duration(self.deadline)}"
        if fault:
            self._forgives_until = now + self.grace
        if fault or now < self._forgives_until:
            self.latest.clear()
            self.causes.clear()
        return self._spent()

    def last_reason(self, fault: str, now: float) -> str:
        """The same as the run has come to its end: whether so many have failed at last that it says nothing."""
        return "" if fault or now < self._forgives_until else self._spent()

    def _spent(self) -> str:
        """What the error budget was spent on."""
        failed, ended = self.latest.count(Outcome.FAILED), len(self.latest)
        if ended < self.budget.of or failed <= self.budget.share * ended:
            return ""
        mostly = "".join(f", mostly: {cause}" for cause, _ in self.causes.most_common(1))
        return f"error budget: {failed} of the latest {ended} contacts failed{mostly}"

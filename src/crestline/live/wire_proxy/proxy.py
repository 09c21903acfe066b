"""The proxy's process as a live run knows it: started on a free port, told of faults, gone with the run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from crestline.live.adapters import Unanswered
from crestline.live.hosts import PORTS
from crestline.live.outpost import Outpost
from crestline.live.transport import Transport
from crestline.live.wire import Wire
from crestline.live.wire_proxy.asked import MARK
from crestline.live.wire_proxy.condition import Condition

ANSWER = 5.0  # real seconds to obey
LOOPBACK = "127.0.0.1"
OVERHEAD_LOOKS = 15


class Seen(NamedTuple):
    """What the proxy tells of a fault; instants of the monotonic clock, None while it has not come to that."""

    effective: float | None = None
    healed: float | None = None
    met: int = 0  # requests and pieces of answers that it has met
    open: int = 0  # connections that are open now


class Look(NamedTuple):
    """One request of our own: how long it took (real seconds), and what came of it."""

    seconds: float
    status: int = 0  # 0: no answer
    length: int = 0  # bytes of its body
    is_ours: bool = False  # answered by the proxy in the target's place
    error: str = ""


class WireProxy:
    """The wire of one run; it ends with this process at the latest, and every fault on it with it."""

    def __init__(self, way: Transport, seed: int, *, reads_requests: bool) -> None:
        """Start it between this machine and where ``way`` leads; ``way`` is from here on the one through it."""
        more = ["requests"] if reads_requests else []
        self._outpost = Outpost("crestline.live.wire_proxy", [*_end_of(way), str(seed), *more], "wire: the proxy")
        self._straight, self.port = way, int(self._outpost.told["port"])
        self.way = replace(way, through=(LOOPBACK, self.port))

    def look(self, path: str, within: float) -> Look:
        """Ask the target for a page by the way that customers go, on a connection of its own."""
        return look(self.way, path, within)

    def overhead(self, path: str) -> float:
        """What a request costs more by this way while no fault is in force: median of pairs, in real seconds."""
        costs = [
            self.look(path, ANSWER).seconds - look(self._straight, path, ANSWER).seconds for _ in range(OVERHEAD_LOOKS)
        ]
        return statistics.median(costs)

    def strike(self, fault: int, condition: Condition, at: float, end: float) -> Seen:
        """Plan a fault between two instants of the monotonic clock; it heals at its end without another word."""
        return self._ask("strike", fault, {"condition": condition._asdict(), "at": at, "end": end})

    def tell(self, fault: int) -> Seen:
        """How far a fault has come."""
        return self._ask("tell", fault)

    def heal(self, fault: int) -> Seen:
        """End a fault now; one that has not begun never does."""
        return self._ask("heal", fault)

    def close(self) -> None:
        """The end of the wire."""
        self._outpost.kill()

    def _ask(self, do: str, fault: int, more: Mapping[str, Any] | None = None) -> Seen:
        return Seen(**self._outpost.order({"do": do, "fault": fault, **(more or {})}, ANSWER))


def look(way: Transport, path: str, within: float) -> Look:
    """One request, answered or not."""
    began = time.monotonic()
    with closing(Wire(way, within)) as wire:
        try:
            answer = wire.request("GET", path)
        except Unanswered as error:
            return Look(time.monotonic() - began, error=str(error))
    took, length = time.monotonic() - began, answer.headers.get("content-length", "0")
    return Look(took, answer.status, int(length) if length.isdigit() else 0, MARK.lower() in answer.headers)


def _end_of(way: Transport) -> tuple[str, str]:
    """Where connections go without it: to the target, or to the scenario's own proxy."""
    if way.proxy:
        return way.proxy.host, str(way.proxy.port)
    parts = urlsplit(way.host)
    return parts.hostname or "", str(parts.port or PORTS.get(parts.scheme, 80))

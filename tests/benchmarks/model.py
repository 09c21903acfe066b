"""The common model: one that every simulator can say, played by each with the same settings.

One skill and 100 agents. Contacts come one by one at 21 a minute (Poisson); one in five is a VIP, who is served first
but interrupts nobody. Handle time and patience are exponential. That is 105 Erlang for 100 agents: two contacts in
three wait, all together 17 s in the mean, and one in fourteen leaves.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import NamedTuple, Self


@dataclass(frozen=True)
class CommonModel:
    """Its settings; times in seconds."""

    agents: int = 100
    gap_s: float = 60 / 21
    handle_s: float = 300.0
    patience_s: float = 240.0
    vip_share: float = 0.2


MODEL = CommonModel()


class CpuClock:
    """Seconds of processor time that the block inside took: what other processes do meanwhile does not count."""

    seconds: float

    def __enter__(self) -> Self:
        self._start = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.process_time() - self._start


class Seen(NamedTuple):
    """What one play of the model came to, and what it cost."""

    contacts: int
    abandoned: float  # share of contacts that left
    wait_s: float  # mean over all contacts, from arrival to claim or leaving
    vip_wait_s: float
    cpu_s: float

    @property
    def per_s(self) -> float:
        """Contacts for each second of processor time."""
        return self.contacts / self.cpu_s


class Wait(NamedTuple):
    """What a simulator in Python notes of one contact."""

    vip: bool
    wait_s: float
    left: bool


def seen(waits: list[Wait], cpu_s: float) -> Seen:
    """The figures of a simulator that noted every contact."""
    vips = [wait.wait_s for wait in waits if wait.vip]
    return Seen(
        contacts=len(waits),
        abandoned=sum(wait.left for wait in waits) / len(waits),
        wait_s=sum(wait.wait_s for wait in waits) / len(waits),
        vip_wait_s=sum(vips) / len(vips),
        cpu_s=cpu_s,
    )

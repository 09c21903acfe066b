"""Customers that were sampled once and are asked for again: by a scenario that changes nothing about them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from crestline.scenario import Scenario
from crestline.tables import Workload
from crestline.workload import Span, sample
from crestline.workload.recontacts import largest_recontact_share

MOST_BYTES = 256_000_000


class Customers:
    """Workloads by all that sampling reads; beyond ``most_bytes`` those go first that were not asked for the longest.

    More agents, another standby, pool or objective change no customer, so that what-if comparisons sample each day
    once. May be shared by threads; two that ask for the same day at once both sample it.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.sampled = 0  # how often a workload was not there yet
        self._kept: OrderedDict[Hashable, Workload] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def sample(
        self,
        scenario: Scenario,
        seed: int,
        span: Span,
        replication: int = 0,
        *,
        day_factor: bool = True,
        simulated: bool = False,
    ) -> Workload:
        """The workload that ``workload.sample`` gives for the same arguments."""
        key = (*read_by_sampling(scenario), seed, span, replication, day_factor, simulated)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        workload = sample(scenario, seed, span, replication, day_factor=day_factor, simulated=simulated)
        with self._lock:
            self.sampled += 1
            self._keep(key, workload)
        return workload

    def _keep(self, key: Hashable, workload: Workload) -> None:
        size = size_of(workload)
        if key in self._kept or size > self.most_bytes:
            return
        self._kept[key] = workload
        self._bytes += size
        while self._bytes > self.most_bytes:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= size_of(gone)


def size_of(workload: Workload) -> int:
    """Bytes of its columns."""
    return sum(column.nbytes for column in workload.columns().values())


def read_by_sampling(scenario: Scenario) -> tuple[Hashable, ...]:
    """Everything of a scenario that decides about its customers; the rest may differ."""
    kinds = tuple(
        (name, kind.share, kind.bot, kind.bot_resolves, kind.handle_time, kind.patience)
        for name, kind in scenario.contacts.items()
    )
    triage = scenario.triage
    again = scenario.recontact
    return (
        scenario.day,
        scenario.demand,
        kinds,
        scenario.vip,
        (again.delay, again.at_most) if again else None,
        tuple(largest_recontact_share(scenario, simulated=each) for each in (False, True)),
        (triage.reply_time, triage.accuracy) if triage else None,
    )

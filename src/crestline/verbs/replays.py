"""The outcomes of a forecast's days, contact by contact: not kept, but played again when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crestline.replicate import Played, play_day
from crestline.scenario import Scenario
from crestline.tables import Outcomes
from crestline.workload import Span


class Replays(Sequence[Outcomes]):
    """The outcomes of every replication, played again when asked for."""

    def __init__(self, scenario: Scenario, seed: int, span: Span, count: int, engine: str | None = None) -> None:
        self._scenario, self._seed, self._span = scenario, seed, span
        self._count, self._engine = count, engine

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(self._count))]
        if not -self._count <= number < self._count:
            raise IndexError(number)
        return self.play(number % self._count).outcomes

    def play(self, number: int) -> Played:
        """One replication with its pools and timeline."""
        return play_day(self._scenario, self._seed, self._span, number, engine=self._engine)

"""What is written down during a play: the columns of the outcomes, and a row for every change of a pool."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from crestline import rules
from crestline.scenario import Scenario
from crestline.tables import OUTCOME_COLUMNS, POOL_COLUMNS, Outcome, Outcomes, Pools, Workload

INSTANTS = ("planned_s", "bot_reply_s", "queued_s", "claimed_s", "served_s", "passed_s", "ended_s")


class Recorder:
    """Columns as plain lists, by row of the workload, while the play is on."""

    def __init__(self, scenario: Scenario, workload: Workload) -> None:
        self.scenario, self.workload = scenario, workload
        rows = len(workload)
        for name in INSTANTS:
            setattr(self, name, [math.nan] * rows)
        self.outcome = [int(Outcome.OPEN)] * rows
        self.group, self.first_group, self.transfers = [-1] * rows, [-1] * rows, [0] * rows
        self.handle_s: list[float] = workload.handle_s.tolist()
        self.pool_rows: list[tuple[float, int, int, int, int]] = []

    planned_s: list[float]
    bot_reply_s: list[float]
    queued_s: list[float]
    claimed_s: list[float]
    served_s: list[float]
    passed_s: list[float]
    ended_s: list[float]

    def pool(self, now_s: float, pool: int, ready: int, busy: int, waiting: int) -> None:
        """Note a change of a pool."""
        self.pool_rows.append((now_s, pool, ready, busy, waiting))

    def outcomes(self) -> Outcomes:
        """The finished table: every contact that was due, by row."""
        self._end_those_in_service()
        row = np.flatnonzero(~np.isnan(self.planned_s)).astype(np.int64)
        made = Outcomes.blank(row, self.workload)
        for name in OUTCOME_COLUMNS:
            if hasattr(self, name):
                made[name] = np.array(getattr(self, name))[row]
        made["sent_s"] = made["planned_s"].copy()
        made["rating"] = self._ratings(made)
        return Outcomes(**made, contacts=tuple(self.scenario.contacts), groups=tuple(self.scenario.agents))

    def pools(self) -> Pools:
        """The finished table of pools."""
        columns = np.array(self.pool_rows, dtype=np.float64).reshape(-1, len(POOL_COLUMNS)).T
        made: dict[str, Any] = dict(zip(POOL_COLUMNS, columns, strict=True))
        return Pools(**made, names=self.scenario.pools)

    def _end_those_in_service(self) -> None:
        for row, served in enumerate(self.served_s):
            if not math.isnan(served) and self.outcome[row] == Outcome.OPEN:
                self.outcome[row] = Outcome.AGENT_RESOLVED
                self.ended_s[row] = served + self.handle_s[row]

    def _ratings(self, made: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
        curve = self.scenario.satisfaction
        ratings = np.full(len(made["row"]), -1)
        for i, outcome in enumerate(made["outcome"]):
            if outcome in (Outcome.BOT_RESOLVED, Outcome.AGENT_RESOLVED):
                answered = made["bot_reply_s" if outcome == Outcome.BOT_RESOLVED else "claimed_s"][i]
                rating_u = float(self.workload.rating_u[made["row"][i]])
                ratings[i] = rules.is_satisfied(float(answered - made["planned_s"][i]), rating_u, *curve.points)
        return ratings

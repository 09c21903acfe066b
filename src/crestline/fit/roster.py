"""Who was on duty: a roster that is given, else the distinct agents that the log shows per half hour."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crestline.errors import Problem, ScenarioError
from crestline.fit.calls import Calls
from crestline.fit.day_type import HALF_HOUR_S, DayType
from crestline.fit.outages import Outage
from crestline.tables import Floats, Ints
from crestline.units import parse_clock


@dataclass(frozen=True, eq=False)
class Roster:
    """Agents on duty as steps: from ``at_s[i]`` (clock seconds) on there are ``agents[i]``."""

    at_s: Floats
    agents: Ints
    source: str
    seen: bool = False  # read off the log's calls, not given

    @property
    def steps(self) -> list[tuple[float, int]]:
        """The steps at which the number changes."""
        change = np.concatenate(([True], np.diff(self.agents) != 0))
        return [(float(t), int(n)) for t, n in zip(self.at_s[change], self.agents[change], strict=True)]


def seen_roster(calls: Calls, day_type: DayType, outages: tuple[Outage, ...]) -> Roster:
    """Distinct agents who held a call in each half hour, mean over the fitted dates without outage, rounded."""
    known = day_type.on(calls) & calls.answered & (calls.agent >= 0)
    starts = day_type.opens_s + np.arange(day_type.bins) * HALF_HOUR_S
    claim_s = calls.queue_s + calls.wait_s
    seen = np.zeros((len(day_type.days), day_type.bins))
    usual = np.ones(seen.shape, dtype=np.bool_)
    for row, day in enumerate(day_type.days):
        ours = np.flatnonzero(known & (calls.day == day))
        for slot, start_s in enumerate(starts):
            usual[row, slot] = not any(o.overlaps(day, start_s, start_s + HALF_HOUR_S) for o in outages)
            busy = (claim_s[ours] < start_s + HALF_HOUR_S) & (calls.end_s[ours] > start_s)
            seen[row, slot] = len(np.unique(calls.agent[ours[busy]]))
    usual |= ~usual.any(axis=0)  # a half hour without a usual date takes what it has
    agents = np.floor(np.average(seen, axis=0, weights=usual) + 0.5).astype(np.int64)
    return Roster(
        np.asarray(starts, dtype=np.float64),
        np.maximum(agents, 1),
        "distinct agents per half hour of the log, mean over dates",
        seen=True,
    )


def read_roster(path: Path, opens_s: float, closes_s: float) -> Roster:
    """A CSV with a clock time and a number of agents in each row, in two columns ``time,agents`` with a header."""
    try:
        lines = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        wrong = error.strerror if isinstance(error, OSError) else error
        raise ScenarioError(str(path), [Problem(None, None, f"cannot be read: {wrong}")]) from error
    steps, problems = [], []
    for number, row in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            steps.append((parse_clock(row[0].strip()), _persons(row[1])))
        except (ValueError, IndexError):
            wrong = f'got "{",".join(row)}", expected a clock time and a whole number of agents, such as 08:00,12'
            problems.append(Problem(number, 1, wrong))
    if not steps and not problems:
        problems.append(Problem(None, None, "holds no steps; expected a header time,agents and a row for each step"))
    elif not problems and min(steps)[0] > opens_s:
        first = f"the first step comes after the log's opening hour ({opens_s / 3600:g} h)"
        problems.append(Problem(2, 1, f"{first}; add a row for the start of the day"))
    if problems:
        raise ScenarioError(str(path), problems)
    return _within(sorted(steps), opens_s, closes_s, str(path))


def _persons(cell: str) -> int:
    persons = int(cell)
    if persons < 0:
        msg = f"got {persons}, expected 0 or more"
        raise ValueError(msg)
    return persons


def _within(steps: list[tuple[float, int]], opens_s: float, closes_s: float, source: str) -> Roster:
    """The steps of the opening hours; what was on duty at opening stands from then on."""
    inside = [(max(at, opens_s), agents) for at, agents in steps if at < closes_s]
    last = dict(inside)  # of several steps before opening the latest stands
    return Roster(np.array(list(last)), np.array(list(last.values()), dtype=np.int64), source)

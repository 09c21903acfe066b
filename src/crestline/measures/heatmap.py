"""The heat map of the journey (DOMAIN row 2): stage x time, how long customers dwell and where they drop off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from crestline.measures.tally import interval_edges
from crestline.scenario import Scenario
from crestline.tables import Bools, Floats, Outcome, Outcomes, Timeline

STAGES = ("triage", "queue", "agent")
STEPS_S = (60.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0)
COLUMNS = 24  # so many steps are readable side by side
DWELL_PERCENT = 90
LOST = (Outcome.ABANDONED, Outcome.REJECTED, Outcome.FAILED, Outcome.DROPPED)


@dataclass(frozen=True)
class Cell:
    """One stage in one step of time: contacts that entered it then, how long they stayed, how many left there."""

    stage: str
    start_s: float
    end_s: float
    volume: int
    dwell_p90_s: float | None
    drop_off: float | None


class _Stage(NamedTuple):
    entered_s: Floats  # NaN: never came here
    left_s: Floats
    dropped: Bools


def heat_map(outcomes: Outcomes, scenario: Scenario, timeline: Timeline, step_s: float | None = None) -> list[Cell]:
    """The cells of the measured window, stage by stage in the order of the journey."""
    edges = interval_edges(scenario, timeline, step_s or step_for(timeline))
    stages = zip(STAGES, _stages(outcomes, scenario, timeline.stop_s + timeline.drain_s), strict=True)
    return [_cell(name, stage, from_s, to_s) for name, stage in stages for from_s, to_s in pairwise(edges.tolist())]


def step_for(timeline: Timeline) -> float:
    """The shortest step of time with which the window is readable."""
    length = timeline.end_s - timeline.measured_from_s
    return next((step for step in STEPS_S if length / step <= COLUMNS), STEPS_S[-1])


def _stages(outcomes: Outcomes, scenario: Scenario, seen_until_s: float) -> list[_Stage]:
    """When each contact came to each stage and left it; who is still there has been until ``seen_until_s``.

    A contact begins at the bot, or in a queue where its type skips the bot; who is turned away drops off there.
    """
    meets_bot = np.array([scenario.triage is not None and c.bot == "triage" for c in scenario.contacts.values()])
    at_bot: Bools = meets_bot[outcomes.contact]
    lost = np.isin(outcomes.outcome, LOST)
    claimed = ~np.isnan(outcomes.claimed_s)
    left = np.where(np.isnan(outcomes.ended_s), seen_until_s, outcomes.ended_s)
    queued = np.where(at_bot, outcomes.queued_s, np.fmax(outcomes.queued_s, outcomes.planned_s))
    no_queue = np.isnan(queued)
    bot_end = np.fmin(outcomes.bot_reply_s, np.where(no_queue, left, queued))
    return [
        _Stage(np.where(at_bot, outcomes.planned_s, np.nan), bot_end, lost & no_queue),
        _Stage(queued, np.where(claimed, outcomes.claimed_s, left), lost & ~no_queue & ~claimed),
        _Stage(outcomes.claimed_s, left, lost & claimed),
    ]


def _cell(name: str, stage: _Stage, from_s: float, to_s: float) -> Cell:
    inside = (stage.entered_s >= from_s) & (stage.entered_s < to_s)
    volume = int(inside.sum())
    if volume == 0:
        return Cell(name, from_s, to_s, 0, None, None)
    dwell = np.sort(stage.left_s[inside] - stage.entered_s[inside])
    rank = -(-volume * DWELL_PERCENT // 100)
    return Cell(name, from_s, to_s, volume, float(dwell[rank - 1]), float(stage.dropped[inside].mean()))

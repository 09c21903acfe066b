"""A load in steps: every objective in every one of them, and the last level at which all of them hold.

Of a load that climbs, objectives have to hold in every step up to the level of the load test: a run's measures are
about the last of these steps, and the steps below it decide, too. What is beyond explores and decides nothing. Of a
soak and of a spike, objectives have to hold over the whole window; the parts show whether they held to the end, and
during the burst and after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from crestline import verdict
from crestline.measures.recovery import INCONCLUSIVE, MET, MISSED
from crestline.measures.steps import judged_part
from crestline.scenario import Objective, Scenario
from crestline.tables import Part
from crestline.units import format_level
from crestline.verdict import Judged, Values

FEWEST = 30  # contacts: as many as an interval needs


@dataclass(frozen=True)
class Step:
    """One part of the window, and what became of every objective in it; recovery is judged over the whole run."""

    part: Part
    judged: Sequence[Judged]
    result: str


def judge_steps(
    objectives: Sequence[Objective],
    parts: Sequence[Part],
    measured: Sequence[Values],
    contacts: Sequence[int],
    *,
    same_rows: Sequence[Values] = (),
    forecast: Sequence[Values] = (),
    late_p99_s: float = 0.0,
) -> list[Step]:
    """Every part, judged by its own measures; the worlds hold the measures of one part after the other.

    A part of few ``contacts`` tells nothing, whatever was measured in it.
    """
    asked = [objective for objective in objectives if objective.key != verdict.RECOVERY]
    steps = []
    for number, part in enumerate(parts):
        judged = verdict.judge_drill(
            asked,
            measured[number],
            same_rows=same_rows[number] if same_rows else None,
            forecast=forecast[number] if forecast else None,
            late_p99_s=late_p99_s,
        )
        if contacts[number] < FEWEST:
            why = f"{contacts[number]} contacts are too few to judge by, expected {FEWEST} or more"
            judged = [replace(row, result=INCONCLUSIVE, why=why) for row in judged]
        steps.append(Step(part, judged, verdict.conclude(judged).result))
    return steps


def last_level_held(steps: Sequence[Step]) -> float | None:
    """The last level up to which every objective holds in every step; None where not even the first one holds."""
    held = [step.part.level for step in takewhile(lambda step: step.result == MET, steps)]
    return held[-1] if held else None


def decisive(judged: Sequence[Judged], steps: Sequence[Step]) -> list[Judged]:
    """Every objective of a run, as it was judged where it decides.

    That is in the lowest step that missed it, else in the lowest that leaves it unclear, else in the step of the
    load test's level, which the run's own measures are about.
    """
    number = judged_part([step.part for step in steps])
    below = [] if number is None else steps[: number + 1]
    return [_decisive(row, [_at_level(step, row) for step in below]) for row in judged]


def _decisive(row: Judged, below: Sequence[Judged | None]) -> Judged:
    rows = [*(one for one in below[:-1] if one is not None), row, *(one for one in below[-1:] if one is not None)]
    return next((one for result in (MISSED, INCONCLUSIVE) for one in rows if one.result == result), row)


def _at_level(step: Step, row: Judged) -> Judged | None:
    """The same objective in a step below, which its reason names; None of what is judged over the whole run."""
    found = next((one for one in step.judged if one.name == row.name), None)
    return found and replace(found, why=f"at {format_level(step.part.level)}: {found.why}")


def finding(steps: Sequence[Step], scenario: Scenario) -> list[str]:
    """How the parts are to be read, in a sentence."""
    number = judged_part([step.part for step in steps])
    if number is None:
        return _of_one_load(steps, scenario)
    part, held = steps[number].part, last_level_held(steps)
    clocks = f"{scenario.clock(part.measured_from_s)} to {scenario.clock(part.end_s)}"
    where = f"measures are those of the step at {format_level(part.level)}, {clocks}"
    said = "no step held" if held is None else f"the last level at which every objective held is {format_level(held)}"
    return [f"steps: {said}; {where}"]


def _of_one_load(steps: Sequence[Step], scenario: Scenario) -> list[str]:
    """In which parts of a soak, or of the window around a spike, not every objective held."""
    failed = [
        f"{scenario.clock(step.part.start_s)} to {scenario.clock(step.part.end_s)} at {format_level(step.part.level)}"
        for step in steps
        if step.result != MET
    ]
    if not steps:
        return []
    if not failed:
        return [f"parts: every objective held in each of {len(steps)} parts of the window"]
    where = f"{len(failed)} of {len(steps)} parts of the window"
    return [f"parts: not every objective held in {where}: {', '.join(failed)}"]

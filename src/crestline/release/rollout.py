"""A gray release in simulated time: the same customers meet two versions of the bot and one and the same staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from crestline.engine import Play, default_engine
from crestline.engine import engine as engine_of
from crestline.measures.response import first_response_s
from crestline.release.judged import Judged, is_served, judge
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK, Step, Versions, decide
from crestline.scenario import Canary, Scenario
from crestline.tables import Bools, Condition, Floats, Outcome, Outcomes, Timeline, Workload
from crestline.workload import day, sample, timeline
from crestline.workload.candidate import CANDIDATE, places, sample_candidate

START_S = 1800.0  # how long the old version serves alone, where the scenario does not say from when on
SETTLES = 20  # plays at most until who comes again meets the version that is there by then
Schedule = Sequence[tuple[float, float]]  # from which instant on the candidate serves which share


@dataclass(frozen=True)
class Rollout:
    """One roll-out: its steps, how it ended, and what the day came to beside the same day without it."""

    steps: tuple[Step, ...]
    decision: str
    decided_s: float | None
    exposed: int  # contacts that the candidate served
    harmed: int  # contacts of anybody that came out worse than they would have

    def plain(self) -> dict[str, Any]:
        """As ``run.json`` has it."""
        return {
            "decision": self.decision,
            "decided_s": self.decided_s,
            "share": self.steps[-1].share if self.steps else None,
            "exposed": self.exposed,
            "harmed": self.harmed,
            "steps": [step.plain() for step in self.steps],
        }


class Day(NamedTuple):
    """A day on which a candidate is rolled out, sampled once for every way of doing so."""

    scenario: Scenario  # with the version that is there
    line: Timeline
    baseline: Workload
    candidate: Workload  # the same rows as the new version has them
    place: Floats  # of every row's customer, between 0 and 1
    play: Play
    alone: Outcomes  # what the day comes to without the candidate


def usual_day(scenario: Scenario, seed: int, replication: int = 0, engine: str | None = None) -> Day:
    """A day without faults; both versions draw the same numbers, so that they differ where they have to alone."""
    scenario = scenario.model_copy(update={"faults": ()})
    span = day(scenario)
    fails = scenario.canary.candidate.fails > 0
    old = sample(scenario, seed, span, replication, day_factor=False, simulated=not fails)
    new = sample_candidate(scenario, seed, span, replication, simulated=not fails)
    line = timeline(scenario, span)
    if fails:  # for whoever is marked for it: nobody of the old version is
        line = replace(line, conditions=(Condition(line.start_s, fail_share=0.5),))
        old = replace(old, fail_u=np.ones(len(old)))
    play = engine_of(engine or default_engine())
    place = places(CANDIDATE, range(int(old.customer[-1]) + 1 if len(old) else 0))[old.customer]
    return Day(scenario, line, old, new, place, play, play(scenario, old, line)[0])


def roll_out(on: Day, canary: Canary) -> Rollout:
    """Let the candidate take one share after the other, until it is promoted, rolled back, or the day is over."""
    from_s = first_step_s(on.scenario, canary)
    schedule: list[tuple[float, float]] = []
    steps: list[Step] = []
    before: Judged | None = None
    for number, share in enumerate(canary.steps):
        schedule.append((from_s, share))
        judged = judge(on.scenario, played(on, schedule))
        step, before = step_of(canary, number, from_s, on.line.stop_s, on.scenario.recovery.bucket, judged, before)
        steps.append(step)
        if step.decision != PROMOTE or step.decided_s is None:
            break
        from_s = step.decided_s
    last = steps[-1]
    if last.decided_s is not None and last.decision == ROLL_BACK:
        schedule.append((last.decided_s, 0.0))
    served = played(on, schedule)
    return Rollout(
        steps=tuple(steps),
        decision=ended(steps),
        decided_s=last.decided_s,
        exposed=int(np.count_nonzero(serves(schedule, on.place[served.row], served.planned_s))),
        harmed=count_harmed(on.scenario, served, on.alone),
    )


def ended(steps: Sequence[Step]) -> str:
    """How a roll-out ended: as its last step."""
    return steps[-1].decision if steps else INCONCLUSIVE


def first_step_s(scenario: Scenario, canary: Canary) -> float:
    """When the first step begins."""
    return START_S if canary.from_ is None else scenario.instant(canary.from_)


def step_of(
    canary: Canary, number: int, from_s: float, until_s: float, every_s: float, judged: Judged, before: Judged | None
) -> tuple[Step, Judged]:
    """One step on what is known by ``until_s``, and the old version's contacts for a step that has none of its own.

    At 100 % nobody is left to whom chance gave the old version: its contacts of the step before stand for it.
    """
    share = canary.steps[number]
    if share == 1.0:
        old = judged.between(-np.inf, from_s) if before is None else before
        versions = Versions(judged.between(from_s, np.inf), old, together=False)
    else:
        meet = judged.between(from_s, np.inf)
        is_new = is_served(CANDIDATE, meet.customer.tolist(), share)
        versions = Versions(meet.take(is_new), meet.take(~is_new), together=True)
    step = decide(canary, number, from_s, until_s, every_s, versions)
    until = np.inf if step.decided_s is None else step.decided_s - canary.judge_after
    return step, versions.baseline.between(-np.inf, until)


def played(on: Day, schedule: Schedule) -> Outcomes:
    """The day with the candidate in by a schedule: who comes again meets the version that serves by then.

    When that is comes out of the play, which is therefore repeated until nobody's version changes any more.
    """
    at_s = _first_planned_s(on.baseline)
    is_new = serves(schedule, on.place, at_s)
    for _ in range(SETTLES):
        served, _ = on.play(on.scenario, _split(on, is_new), on.line)
        at_s[served.row] = served.planned_s
        as_played = serves(schedule, on.place, at_s)
        if np.array_equal(as_played[served.row], is_new[served.row]):
            break
        is_new = as_played
    return served


def _first_planned_s(workload: Workload) -> Floats:
    """When the customer of every row is first due."""
    customers = np.cumsum(workload.attempt == 0) - 1
    planned: Floats = workload.first_planned_s[customers]
    return planned


def serves(schedule: Schedule, place: Floats, at_s: Floats) -> Bools:
    """Whether the candidate serves whoever stands at a place and comes at an instant."""
    from_s, shares = (
        np.array([-np.inf, *(at for at, _ in schedule)]),
        np.array([0.0, *(share for _, share in schedule)]),
    )
    share: Floats = shares[np.searchsorted(from_s, at_s, side="right") - 1]
    return place < share


def _split(on: Day, is_new: Bools) -> Workload:
    """The rows as the version that serves them has them; all else is the same in both."""
    ours = {
        name: np.where(is_new, getattr(on.candidate, name), getattr(on.baseline, name))
        for name in ("reply_s", "resolves", "routed", "worse_resolves", "worse_routed", "fail_u")
    }
    return replace(on.baseline, **ours)


def count_harmed(scenario: Scenario, served: Outcomes, alone: Outcomes) -> int:
    """First contacts, of whatever version, that came out worse than without the candidate.

    Worse: it failed, was not resolved by the bot, was not helped at all, or heard its first word after
    ``recovery.limit``, and would not have.
    """
    ways = (_sufferings(scenario, each) for each in (served, alone))
    with_it, without = ways
    worse = np.logical_or.reduce([now & ~then for now, then in zip(with_it, without, strict=True)])
    return int(np.count_nonzero(worse))


def _sufferings(scenario: Scenario, outcomes: Outcomes) -> tuple[Bools, ...]:
    """Of the first contacts, in order of customer: failed; met the bot in vain; went without help; waited long."""
    first = outcomes.take(outcomes.attempt == 0)
    meant_for_bot = np.array([kind.bot == "triage" for kind in scenario.contacts.values()])[first.contact]
    unhelped = np.isin(first.outcome, (Outcome.ABANDONED, Outcome.REJECTED, Outcome.FAILED))
    in_vain = meant_for_bot & (first.outcome != Outcome.BOT_RESOLVED) & (scenario.triage is not None)
    late = first_response_s(first) > scenario.recovery.limit
    return first.outcome == Outcome.FAILED, in_vain, unhelped, late

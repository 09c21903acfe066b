"""What to do about each kind of fault: what customers meet, the first steps, and what the forecast says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crestline.report.handbook import steps
from crestline.report.handbook.document import BLANK, Block, Card, Cards, Section, Table, Text
from crestline.report.handbook.steps import Step
from crestline.report.handbook.words import IF, fallback, who
from crestline.scenario import Fault, Scenario
from crestline.scenario.faults import kind_of_effect
from crestline.units import format_duration, format_share

HALF = 0.5  # of the days
MOSTLY_NOT = "mostly not"  # what does not happen on most days of the forecast


class Expected(NamedTuple):
    """What the forecast says of one fault: seconds after its effect, means over days; None where most have none."""

    kind: str
    planned_s: float  # when it strikes
    seen_s: float | None
    alert_s: float | None
    called_s: float | None
    there_s: float | None
    healed_s: float | None
    back_s: float | None
    within: float  # the share of days on which queues are back in time
    over: bool  # on most days recovery was given up

    def by_sign(self) -> dict[str, float | None]:
        """The times by what a drill sees of a step."""
        return {
            steps.SEEN: self.seen_s,
            steps.ALERT: self.alert_s,
            steps.CALLED: self.called_s,
            steps.THERE: self.there_s,
            steps.HEALED: self.healed_s,
            steps.BACK: None if self.over or self.seen_s is None else self.back_s,
        }


def by_fault(scenario: Scenario, expected: Sequence[Expected]) -> Iterator[Section]:
    """What to do about every kind of fault; of several of a kind about the longest."""
    kinds = dict.fromkeys(map(_known_as, scenario.faults))
    for number, known in enumerate(kinds, 1):
        same = [fault for fault in scenario.faults if _known_as(fault) == known]
        longest = max(same, key=lambda fault: fault.for_)
        of_kind = [one for one in expected if one.kind == longest.kind]
        planned_s = scenario.instant(longest.at)
        seen = min(of_kind, key=lambda one: abs(one.planned_s - planned_s), default=None)
        yield Section(f"fault-{number}", f"If {known}", tuple(_fault(scenario, longest, seen)))


def _known_as(fault: Fault) -> str:
    """What happens, in words; of a hook also what brings it about."""
    effect = kind_of_effect(fault)
    if effect == fault.kind:
        return IF.get(effect, f"the fault of a hook strikes ({effect})")
    return f"{IF.get(effect, effect)} (by {fault.kind})"


def _fault(scenario: Scenario, fault: Fault, seen: Expected | None) -> Iterator[Block]:
    what = fallback(kind_of_effect(fault))
    yield Cards(
        (
            Card("Customers meet", what.meets),
            Card("Meanwhile", _meanwhile(scenario, fault)),
            Card("What ends it", what.repair),
        )
    )
    times = seen.by_sign() if seen else {}
    yield step_table(scenario, steps.at_once(scenario, fault), times)
    if seen is not None:
        yield Text(_forecast_sentence(scenario, seen))


def _meanwhile(scenario: Scenario, fault: Fault) -> str:
    """What carries the service; of a failed bot what the scenario says becomes of its contacts."""
    what = fallback(kind_of_effect(fault))
    text = f"{what.meanwhile}; call standby" if what.calls_standby and scenario.standby else what.meanwhile
    if kind_of_effect(fault) == "triage-outage" and scenario.triage:
        queue = scenario.triage.when_down == "queue"
        return f"{'contacts go to people by themselves' if queue else 'contacts are turned away'}; {text}"
    if fault.kind == "agents-leave":
        others = [name for name in scenario.agents if name != getattr(fault, "group", "")]
        return f"{text}{f'; ask {_listed(others)} to help' if others else ''}"
    return text


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _forecast_sentence(scenario: Scenario, seen: Expected) -> str:
    if seen.seen_s is None and not seen.over:
        return "Forecast: customers do not notice it on most days; the steps are for the others."
    within = format_duration(steps.rto_s(scenario))
    back = "are not back before recovery is given up" if seen.over else f"are back {_time(seen.back_s)} after the fault"
    missed = " Most days miss that: the times above are aims." if seen.within < HALF else ""
    return f"Forecast: queues {back} on average, within {within} on {format_share(seen.within)} of days.{missed}"


def step_table(scenario: Scenario, listed: Sequence[Step], times: dict[str, float | None]) -> Block:
    """Steps with lines to write on; ``times`` are the forecast's, by what a drill sees of a step."""
    head = ("due after", "step", "who", "for", *(("forecast",) if times else ()), "done at, by")
    rows = [
        (
            format_duration(step.due_s),
            step.text,
            who(scenario, step.role),
            step.serves,
            *((_time(times.get(step.sign)),) if times else ()),
            BLANK,
        )
        for step in listed
    ]
    return Table(head, tuple(rows))


def _time(seconds: float | None) -> str:
    return MOSTLY_NOT if seconds is None else format_duration(seconds)

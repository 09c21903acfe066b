"""What it is worth to speak early after an incident: fewer complaints, and what these would have cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crestline.measures import Value
from crestline.mitigations import SPEAKING, without
from crestline.remedies.worth import Worth
from crestline.scenario import Scenario
from crestline.units import format_duration
from crestline.workload import Span
from crestline.workload.arrivals import expected_by_contact


def complaints_spared(scenario: Scenario, span: Span) -> float:
    """How many complaints are expected not to come, since something is said; of an average day."""
    return _complaints(without(scenario, [SPEAKING]), span) - _complaints(scenario, span)


def speaking_sentences(scenario: Scenario, span: Span, worths: Sequence[Worth]) -> list[str]:
    """What the first word and those after it are worth against silence; nothing where nobody speaks.

    Complaints are those expected; customers and cost are of the same days played with and without (``worths``), and
    left out where their interval does not clear nothing.
    """
    incident = scenario.incident
    spared = complaints_spared(scenario, span) if incident and any(_speaks(scenario)) else 0.0
    if incident is None or spared < 1:
        return []
    told = [f"{spared:,.0f} fewer complaints"]
    told += next((list(_losses(one, scenario.currency)) for one in worths if one.mitigation.name == SPEAKING), [])
    return [
        f"speaking {format_duration(incident.first_word)} after the fault instead of never: {', '.join(told)} a day"
    ]


def _speaks(scenario: Scenario) -> Iterator[bool]:
    for phase in scenario.incident.phases.named().values() if scenario.incident else ():
        yield phase.at < float("inf")


def _complaints(scenario: Scenario, span: Span) -> float:
    expected = expected_by_contact(scenario, span)
    return sum(expected[name] for name, kind in scenario.contacts.items() if kind.complaint)


def _losses(one: Worth, currency: str) -> Iterator[str]:
    if (customers := _clear(one.customers)) >= 1:
        yield f"{customers:,.0f} fewer customers without help"
    if (cost := _clear(one.cost)) >= 1:
        yield f"{cost:,.0f} {currency} less for agents"
    if (cost := _clear(one.lost_cost)) >= 1:
        yield f"{cost:,.0f} {currency} less for lost customers"


def _clear(value: Value) -> float:
    """A value whose interval lies above nothing, and nothing otherwise."""
    return value.value if value.value is not None and value.low is not None and value.low > 0 else 0.0

"""What would help: single changes, tried on the same customers."""

from __future__ import annotations

from typing import Any

from crestline.remedies import families, find_remedies
from crestline.replicate import estimate, replicate
from crestline.scenario import Scenario, changed, load
from crestline.workload import day

SMALL: dict[str, Any] = {
    "name": "small",
    "day": {"start": "09:00", "length": "3h"},
    "demand": {"rate": "60/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "6min"}},
            "patience": {"exponential": {"mean": "5min"}},
        }
    },
    "agents": {"team": {"skills": ["all"], "on_duty": {"09:00": 4, "10:00": 5}, "cost_per_hour": 30}},
    "objectives": ["abandonment < 5%"],
}


def small(**changes: object) -> Scenario:
    return load(SMALL | changes)


# More agents come in steps of the whole roster, and every change loads as --set takes it.
def test_changes_are_settings() -> None:
    (family,) = families(small())
    assert [change.words for change in family] == [
        "+1 team agents",
        "+3 team agents",
        "+5 team agents",
        "+10 team agents",
    ]
    last = changed(small(), [family[-1].set])
    assert last.agents["team"].on_duty.persons == (12, 15)


# The change that is named turns missed into met when it is made, on the same days.
def test_named_change_passes() -> None:
    scenario = small()
    best = find_remedies(scenario, 7, day(scenario), scenario.objectives)[0]
    assert best.passes
    other = changed(scenario, [best.change.set])
    before, after = (
        estimate(replicate(each, 7, day(each), 6), each.objectives)["abandonment"].value for each in (scenario, other)
    )
    assert before is not None
    assert after is not None
    assert after < 0.05 < before


# Where no single change is enough, the one that comes closest is named, and it says that it does not pass.
def test_hopeless_case_names_the_best() -> None:
    scenario = small(demand={"rate": "2000/h"})
    (best,) = find_remedies(scenario, 7, day(scenario), scenario.objectives)
    assert not best.passes
    assert best.change.set.startswith("agents.team.on_duty=")


# Nothing missed, nothing to do.
def test_nothing_missed() -> None:
    assert find_remedies(small(), 7, day(small()), ()) == []

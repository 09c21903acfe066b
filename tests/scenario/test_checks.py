"""What stands in different parts of a scenario must fit together."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import load


def refused(small: dict[str, Any], *sets: str) -> list[str]:
    """What is said about the sound scenario with these changes, without the numbers of the changes."""
    with pytest.raises(ScenarioError) as error:
        load(small, sets)
    return [re.sub(r"^--set \d+: ", "", problem.message) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["contacts.order.share=70%"], "contacts: shares add up to 95 %, expected 100 %"),
        (["demand.rate=0/h"], "demand.rate: is 0 all day, expected some arrivals"),
        (["agents.general.skills=[order, refnd]"],
         'agents.general.skills[1]: "refnd" is no contact type; did you mean refund?'),
        (["agents.general.skills=[order, order]"], 'agents.general.skills[1]: "order" stands twice; keep one'),
        (["agents.expert.skills=[]"], "agents.expert.skills: is empty, expected at least one contact type"),
        (["agents.general.skills=[refund]"],
         "contacts.order: no group of agents serves it; add order to the skills of one"),
        (["agents.triage={skills: [order], on_duty: 1}"],
         "agents.triage: triage has a meaning of its own; give it another name"),
        (["standby.group=everyone"],
         'standby.group: "everyone" is no group of agents; expected one of general, expert'),
        (["faults[0]={kind: agents-leave, at: 09:00, for: 5min, group: genral, share: 40%}"],
         'faults[0].group: "genral" is no group of agents; did you mean general?'),
        (["triage=null"], "faults[0].kind: the scenario has no triage that could fail"),
        (["faults[0]={kind: platform-outage, at: 09:00, for: 5min, recontact: 80%}"],
         "faults[0].recontact: needs the section recontact, which says after what delay"),
        (["load_test.from=07:00"], "load_test.from: 07:00 is outside the day; the day is 08:00 to 12:00"),
        (["load_test.for=4h"], "load_test.for: the window ends at 12:30; the day is 08:00 to 12:00"),
        (["load_test.ramp=2h"], "load_test.ramp: expected less than the window (2 h)"),
        (["settle=4h"], "settle: expected less than the day (4 h)"),
        (["demand.surges=[{at: 12:00, for: 1h, factor: 5}]"],
         "demand.surges[0].at: 12:00 is outside the day; the day is 08:00 to 12:00"),
        (["faults[0].at=11:00"], "faults[0].at: 11:00 is outside the window of load_test, 08:30 to 10:30"),
        (["faults[0].at=08:29"], "faults[0].at: 08:29 is outside the window of load_test, 08:30 to 10:30"),
        (["faults[1]={kind: triage-outage, at: '09:05:30', for: 1min}"],
         "faults[1].at: strikes before the triage-outage of 09:00 is over, at 09:06"),
        (["faults[0].at=08:44"],
         "faults[0].at: strikes 9 min after the ramp's end at 08:35, expected at least 2 x recovery.sustain (10 min)"),
        (["faults[0].at=08:32"],
         "faults[0].at: strikes -3 min after the ramp's end at 08:35, expected at least 2 x recovery.sustain (10 min)"),
        (["objectives[2]=abandonment < 5% for refnd"],
         'objectives[2]: "abandonment < 5% for refnd": refnd is no contact type; did you mean refund?'),
        (["objectives[2]=frt p90 < 20s for vip"],
         'objectives[2]: "frt p90 < 20s for vip": no one is a VIP; set vip.share'),
        (["objectives[2]=frt p90 < 45s"], 'objectives[2]: "frt p90 < 45s" stands twice; keep one'),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit_are_told(small: dict[str, Any], sets: Sequence[str], message: str) -> None:
    assert message in refused(small, *sets)


def test_a_fault_early_in_the_window_is_fine_where_recovery_is_not_asked_for(small: dict[str, Any]) -> None:
    load(small, ["faults[0].at=08:44", "objectives=[frt p90 < 45s]"])


def test_a_fault_may_follow_when_the_bot_is_back(small: dict[str, Any]) -> None:
    """An outage of 5 min and a start of 1 min: at the sixth minute there are workers again that can fail."""
    load(small, ["faults[1]={kind: triage-outage, at: '09:06', for: 1min}"])


def test_outages_of_the_platform_do_not_overlap_either(small: dict[str, Any]) -> None:
    first, second = ("{kind: platform-outage, at: " + at + ", for: 5min}" for at in ("09:00", "09:04"))
    assert refused(small, f"faults=[{second}, {first}]") == [
        "faults[0].at: strikes before the platform-outage of 09:00 is over, at 09:05"
    ]

"""``--set key=value`` changes one thing of a scenario, and a mistake in it names the flag."""

from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import load


def refused(small: dict[str, Any], *sets: str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load(small, sets)
    return [problem.message for problem in error.value.problems]


def test_changes_reach_numbers_lists_and_clock_times(small: dict[str, Any]) -> None:
    """A path goes by dots, list indices and quoted keys; its value is YAML."""
    changed = load(
        small,
        [
            "agents.expert.on_duty=20",
            'agents.general.on_duty."10:00"=77',
            'objectives=["frt p90 < 30s", "recovery <= 10min"]',
            "objectives[2]=abandonment < 3%",
            "faults.0.at='09:30'",
            "load_test.level=150%",
            "triage.pool={workers: 1, at_most: 1, slots: 9, start_up: 5s}",
            "name = other",
        ],
    )
    assert changed.agents["expert"].on_duty.persons == (20,)
    assert changed.agents["general"].on_duty.persons == (40, 77)
    assert [objective.text for objective in changed.objectives] == [
        "frt p90 < 30s", "recovery <= 10min", "abandonment < 3%",
    ]  # fmt: skip
    assert changed.faults[0].at == 9.5 * 3600
    assert changed.load_test.level == 1.5
    assert changed.triage is not None
    assert changed.triage.pool.slots == 9
    assert changed.name == "other"


def test_a_part_that_is_not_there_yet_is_made_on_the_way(small: dict[str, Any]) -> None:
    del small["load_test"], small["faults"]
    outage = "{kind: triage-outage, at: 10:00, for: 1min}"
    changed = load(small, ["load_test.from=09:00", "vip.share=5%", f"faults[0]={outage}"])
    assert changed.load_test.from_ == 9 * 3600
    assert changed.vip.share == 0.05
    assert changed.faults[0].for_ == 60


def test_a_part_can_be_taken_away(small: dict[str, Any]) -> None:
    changed = load(small, ["faults=[]", "triage=null", "standby="])
    assert (changed.faults, changed.triage, changed.standby) == ((), None, None)


def test_the_last_change_of_a_key_stands(small: dict[str, Any]) -> None:
    assert load(small, ["vip.share=5%", "vip.share=7%"]).vip.share == 0.07


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("demand.rte=1/h", "--set 2: demand.rte: unknown key; did you mean rate?"),
        ("demnd.rate=1/h", "--set 2: demnd: unknown key; did you mean demand?"),
        ("demand.rate=600", "--set 2: demand.rate: got 600, expected a rate with its unit, such as 120/h or 2/s"),
        ("standby.gruop=expert", "--set 2: standby.gruop: unknown key; did you mean group?"),
        ("standby.group=exprt", '--set 2: standby.group: "exprt" is no group of agents; did you mean expert?'),
        (
            "recontact.at_most=3",
            "--set 2: recontact.after: missing; expected the share that comes back after each",
        ),
        ("agents.general", '--set 2: got "agents.general", expected key=value, such as agents.general.on_duty=20'),
        ("=5", '--set 2: got the key "", expected a path such as agents.general.on_duty."16:00" or faults[0].at'),
        ("a..b=5", '--set 2: got the key "a..b", expected a path such as'),
        ("vip.=5", '--set 2: got the key "vip.", expected a path such as'),
        ("objectives=[", '--set 2: objectives: "[" is not YAML:'),
        ("faults[3].at=09:00", "--set 2: faults[3].at: faults is a list, expected 0 to 0, or 1 for a new one"),
        ("faults.first.at=09:00", "--set 2: faults.first.at: faults is a list, expected 0 to 0, or 1 for a new one"),
        ("name.first=x", '--set 2: name.first: name is "small", which has no keys'),
    ],
)
def test_a_mistake_names_the_flag_by_its_number(small: dict[str, Any], text: str, message: str) -> None:
    assert any(told.startswith(message) for told in refused(small, "vip.share=5%", text))


def test_mistakes_of_flags_and_scenario_are_told_together(small: dict[str, Any]) -> None:
    small["interval"] = 30
    assert refused(small, "demand.rte=1/h", "nonsense") == [
        '--set 2: got "nonsense", expected key=value, such as agents.general.on_duty=20',
        "interval: got 30, expected a duration with its unit, such as 45s, 15min or 1h30m",
        "--set 1: demand.rte: unknown key; did you mean rate?",
    ]

from __future__ import annotations

from typing import Any

from crestline.report import advice

BOTH = {"change": "12 standby agents instead of 6 and +2 general all day", "set": ["standby.agents=12", "agents.x=2"]}


def test_a_change_says_what_it_would_come_to(run: dict[str, Any]) -> None:
    step = run["next"][0]
    assert advice.next_sentence(run, step) == (
        "6 more general agents would hold agent_frt p90 (forecast 1 min 48 s [1:39, 1:57], limit 2 min)"
    )
    weak = step | {"passes": False}
    assert "would not be enough for agent_frt p90" in advice.next_sentence(run, weak)
    sure = step | {"cost": 540.2, "forecast": step["forecast"] | {"p_met": 0.95}}
    assert advice.next_sentence(run, sure).endswith("limit 2 min, on 95 % of days, costs 540 EUR a day)")
    assert advice.next_sentence(run, step | {"cost": -90.0}).endswith("limit 2 min, saves 90 EUR a day)")


# Where more than one objective was not met, the change is said to meet them all, and tells of the tightest.
def test_a_change_that_meets_several_says_so(run: dict[str, Any]) -> None:
    run["objectives"][1]["result"] = "inconclusive"
    assert advice.next_sentence(run, run["next"][0]).startswith(
        "6 more general agents would meet all objectives (agent_frt p90: forecast 1 min 48 s"
    )


def test_two_changes_are_needed_only_where_one_is_not_enough(run: dict[str, Any]) -> None:
    run["next"] = [run["next"][0] | BOTH]
    assert advice.next_sentence(run, run["next"][0]).startswith(
        "no single change is enough; 12 standby agents instead of 6 and +2 general all day together would hold"
    )
    assert advice.settings(run["next"][0]) == "--set standby.agents=12 --set agents.x=2"


# What can be tried is a command that a shell takes as it stands; nothing is to be tried that would not pass.
def test_the_cheapest_change_can_be_tried_by_copying_a_line(run: dict[str, Any]) -> None:
    run["next"][0]["set"] = 'agents.general.on_duty={"08:00": 53}'
    assert list(advice.remarks(run))[-1] == (
        "TRY",
        "crestline drill monthly-drill --seed 20261122 --set 'agents.general.on_duty={\"08:00\": 53}'",
    )
    run["command"] += " --set 'agents.general.on_duty={\"08:00\": 40}' --set vip.share=10%"
    assert list(advice.remarks(run))[-1][1].endswith(
        "--seed 20261122 --set vip.share=10% --set 'agents.general.on_duty={\"08:00\": 53}'"
    )
    run["command"] += " --without breaker --without standby"
    run["next"][0]["set"] = "triage.breaker={}"  # which a command that leaves it out would take away again
    assert list(advice.remarks(run))[-1][1].endswith("vip.share=10% --without standby --set 'triage.breaker={}'")
    run["next"][0]["passes"] = False
    assert [label for label, _ in advice.remarks(run)] == ["NEXT"]
    run["next"] = []
    assert list(advice.remarks(run)) == []

"""The figures that ``crestline check`` shows: demand, and what each group is offered at the peak."""

from typing import Any

import pytest

from crestline.scenario import load
from crestline.scenario.advice import peak_per_s
from crestline.scenario.loading import shipped
from crestline.verbs.check import summarize
from crestline.workload import window
from crestline.workload.arrivals import peak_rate


def two_groups(**more: Any) -> dict[str, Any]:
    """600 contacts an hour of 6 min each, half of them only for experts: 30 erlang each."""
    contact = {"share": "50%", "handle_time": {"constant": "6min"}, "patience": "never"}
    return {
        "name": "two",
        "day": {"start": "08:00", "length": "2h"},
        "demand": {"rate": "600/h"},
        "contacts": {"easy": contact, "hard": contact},
        "agents": {
            "everyone": {"skills": ["easy"], "on_duty": 20},
            "experts": {"skills": ["hard", "easy"], "on_duty": 60},
        },
        "load_test": {"level": "100%"},
    } | more


def test_shared_contacts_go_where_there_is_room_until_all_are_equally_busy() -> None:
    """60 erlang on 80 slots: each group is three quarters busy."""
    groups = summarize(load(two_groups())).groups
    assert [(each.group, each.slots) for each in groups] == [("everyone", 20), ("experts", 60)]
    assert [each.offered_erlang for each in groups] == pytest.approx([15, 45], abs=0.5)


def test_what_the_bot_resolves_reaches_no_agent() -> None:
    bot = {"reply_time": {"constant": "5s"}, "pool": {"workers": 1, "at_most": 1, "slots": 9, "start_up": "1s"}}
    resolving = load(two_groups(triage=bot), ["contacts.hard.bot_resolves=50%"])
    skipping = load(two_groups(triage=bot), ["contacts.hard.bot_resolves=50%", "contacts.hard.bot=skip"])
    offered = [sum(each.offered_erlang for each in summarize(s).groups) for s in (resolving, skipping)]
    assert offered == pytest.approx([45, 60])


def test_the_summary_counts_the_day_and_the_window() -> None:
    scenario = load(two_groups(), ["load_test={level: 200%, from: 08:30, for: 1h, ramp: 10min, time_scale: 60}"])
    summary = summarize(scenario)
    assert (summary.day.start, summary.day.end) == ("08:00", "10:00")
    assert summary.day.contacts == pytest.approx(1200)
    assert summary.window.contacts == pytest.approx(1200 - 100)  # a ramp of 10 min halves its demand
    assert summary.window.peak_per_s * 3600 == pytest.approx(1200)
    assert summary.window.peak_at == "08:40"
    assert summary.real_s == 60


def test_a_recorded_day_offers_what_was_recorded() -> None:
    """Of six arrivals five are hard, and so only for experts."""
    gaps = {"hard": "28810 60 60 60 60", "easy": "28820"}
    groups = summarize(load(two_groups(demand={"rate": {"replay": {"gaps": gaps}}}))).groups
    everyone, experts = (each.offered_erlang for each in groups)
    assert experts == pytest.approx(5 * everyone)


@pytest.mark.parametrize(
    "change",
    [
        "load_test.shape={steps: {levels: [50%, 150%]}}",
        'load_test.shape={spike: {at: "08:30", for: 5min, base: 70%}}',
        "demand={rate: {replay: {gaps: '28800 300 300 300 300 1 1 1 300'}}}",
    ],
)
def test_the_pace_rests_on_the_shape_of_the_load(change: str) -> None:
    scenario = load(two_groups(), [change])
    assert peak_per_s(scenario) == pytest.approx(peak_rate(scenario, window(scenario)), rel=0.01)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_pace_of_a_drill_rests_on_the_peak_that_is_played(name: str) -> None:
    scenario = load(name)
    assert peak_per_s(scenario) == pytest.approx(peak_rate(scenario, window(scenario)), rel=0.01)

"""The three alert levels on small stories, and their counts against counting one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline import workload
from crestline.engine.reference import play
from crestline.measures.alert_counts import AlertCounts, alerts
from crestline.measures.alerts import (
    Alert,
    Counts,
    Judge,
    in_order,
    join,
    low_satisfaction,
    rising_complaints,
    sentence,
    slow_answers,
)
from crestline.measures.contacts import Contacts
from crestline.scenario import Scenario, load
from crestline.tables import Outcome, Outcomes, Timeline

Story = Callable[[Any], Outcomes]
TIMELINE = Timeline(0.0, 0.0, 3600.0, 3600.0, 300.0, (), ())
DONE = {"planned_s": 1000.0, "bot_reply_s": 1000.0, "ended_s": 1000.0, "outcome": Outcome.BOT_RESOLVED}


def service(**more: Any) -> Scenario:
    kind = {"handle_time": {"constant": "1min"}, "patience": "never"}
    told: dict[str, Any] = {
        "name": "alerts",
        "day": {"start": "00:00", "length": "1h"},
        "interval": "15min",
        "demand": {"rate": "60/h"},
        "contacts": {"order": {"share": "50%", **kind}, "loss": {"share": "50%", "complaint": True, **kind}},
        "agents": {"all": {"skills": ["order", "loss"], "on_duty": 9}},
    }
    return load(told | more)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return service()


def test_level_1_is_raised_while_too_many_wait_over_30_seconds(scenario: Scenario, story: Story) -> None:
    """Twenty come at 60 s and are claimed at 130 s: over 30 s on the ticks of 120 (still waiting) and 150 (claimed)."""
    claimed = {"planned_s": 60.0, "queued_s": 60.0, "claimed_s": 130.0, "ended_s": 200.0, "rating": 1}
    twenty = story([claimed | {"outcome": Outcome.AGENT_RESOLVED}] * 20)
    assert alerts(twenty, scenario, TIMELINE) == (Alert(1, 90.0, 120.0, 150.0, 1.0, 0.1, "answers over 30 s"),)


def test_level_1_hears_who_left_and_not_whom_the_bot_helped(scenario: Scenario, story: Story) -> None:
    """Eight of twenty leave within five seconds; a bot's reply that resolves is an answer."""
    left = {"planned_s": 60.0, "queued_s": 60.0, "ended_s": 65.0, "outcome": Outcome.ABANDONED}
    helped = {"planned_s": 60.0, "bot_reply_s": 65.0, "ended_s": 65.0, "outcome": Outcome.BOT_RESOLVED, "rating": 1}
    alert, _ = alerts(story([left] * 8 + [helped] * 12), scenario, TIMELINE)
    assert (alert.level, alert.start_s, alert.end_s, alert.value) == (1, 60.0, 90.0, 0.4)
    assert alerts(story([helped] * 20), scenario, TIMELINE) == ()


def test_level_1_wants_ten_contacts(scenario: Scenario, story: Story) -> None:
    nine = story([{"planned_s": 60.0, "queued_s": 60.0, "ended_s": 65.0, "outcome": Outcome.ABANDONED}] * 9)
    assert alerts(nine, scenario, TIMELINE) == ()


def test_level_1_is_as_strict_as_the_binomial_tail(scenario: Scenario) -> None:
    """Raised from the first number on that is improbable, 0.1 %, for the allowed tenth."""
    from scipy.stats import binom

    for seen in (10, 37, 400, 20_000):
        least = int(np.argmax(binom.sf(np.arange(seen + 1) - 1, seen, 0.1) < 0.001))
        raised = [bool(slow_answers(30.0, 30.0, seen, late, scenario.alerts)) for late in (least - 1, least, seen)]
        assert raised == [False, True, True]


def test_level_2_is_raised_for_an_interval_with_too_few_satisfied(scenario: Scenario, story: Story) -> None:
    good, bad = DONE | {"rating": 1}, DONE | {"rating": 0}
    raised = alerts(story([good] * 8 + [bad] * 2), scenario, TIMELINE)
    assert raised == (Alert(2, 900.0, 1800.0, 1800.0, 0.8, 0.85, "customers satisfied"),)
    assert alerts(story([good] * 9 + [bad]), scenario, TIMELINE) == ()


def test_level_2_says_nothing_where_nobody_has_rated(scenario: Scenario, story: Story) -> None:
    assert alerts(story([DONE] * 50), scenario, TIMELINE) == ()


@pytest.mark.parametrize(
    ("counts", "raised"),
    [((100, 150, 150), [1.5]), ((1000, 1499), []), ((10, 15, 15), []), ((12, 36), [3.0]), ((9, 40, 40), [])],
)
def test_level_3_is_raised_when_complaints_rise_by_half(
    counts: tuple[int, ...], raised: list[float], scenario: Scenario, story: Story
) -> None:
    """Beyond chance, as fifteen after ten are not; and of orders any number may come."""
    complaints = [{"planned_s": 900.0 * i + 1, "contact": 1} for i, count in enumerate(counts) for _ in range(count)]
    orders = [{"planned_s": 1000.0, "contact": 0}] * 50
    found = alerts(story(complaints + orders), scenario, TIMELINE)
    assert [alert.value for alert in found if alert.level == 3] == raised


@pytest.mark.parametrize("before_s", [900.0, 300.0])
def test_level_3_is_as_strict_as_the_binomial_tail(before_s: float, scenario: Scenario) -> None:
    """An uneven split of all complaints is improbable, 0.1 %, where they come at one rate; the limit then is passed."""
    from scipy.stats import binom

    for before in (10, 23, 60):
        now = np.arange(2000)
        chance = binom.sf(now - 1, now + before, 900.0 / (900.0 + before_s))
        least = int(now[(chance < 0.001) & (now / 900.0 >= 1.5 * before / before_s)][0])
        found = [rising_complaints(900.0, 1800.0, n, before, before_s, scenario.alerts) for n in (least - 1, least)]
        assert [bool(alert) for alert in found] == [False, True]


def test_level_3_is_hardly_ever_raised_by_noise(scenario: Scenario) -> None:
    """Of 4,000 intervals with a dozen complaints on average, at most eight; by the limit alone 196 would be."""
    came = np.random.default_rng(7).poisson(12, 4001).tolist()
    raised = [rising_complaints(900.0, 1800.0, now, last, 900.0, scenario.alerts) for last, now in pairwise(came)]
    assert sum(alert is not None for alert in raised) <= 8


def test_the_limits_are_those_of_the_scenario(story: Story) -> None:
    """Answers over two minutes, half of them; who took 70 s was quick enough."""
    lenient = service(alerts={"answer": "2min", "slow": "50%", "satisfaction": "10%", "complaints": "300%"})
    claimed = {"planned_s": 60.0, "queued_s": 60.0, "ended_s": 900.0, "outcome": Outcome.AGENT_RESOLVED, "rating": 0}
    quick, slow = claimed | {"claimed_s": 130.0, "rating": 1}, claimed | {"claimed_s": 830.0}
    assert alerts(story([quick] * 10 + [slow] * 15), lenient, TIMELINE)[0].start_s == 180.0
    assert alerts(story([quick] * 20), lenient, TIMELINE) == ()


def test_alerts_without_a_gap_are_one_with_the_worst_value(scenario: Scenario) -> None:
    counts = [Counts(ended=10, satisfied=satisfied, resolved=10, rated=10) for satisfied in (8, 5, 7, 9, 8)]
    joined: list[Alert] = []
    for i, counted in enumerate(counts):
        joined = join(joined, low_satisfaction(900.0 * i, 900.0 * (i + 1), counted, scenario.alerts))
    assert [(a.start_s, a.at_s, a.end_s, a.value) for a in joined] == [
        (0.0, 900.0, 2700.0, 0.5),
        (3600.0, 4500.0, 4500.0, 0.8),
    ]


def test_the_words_of_an_alert_say_what_who_and_in_a_drill_that_it_is_one() -> None:
    slow = Alert(1, 90.0, 120.0, 150.0, 0.345, 0.1, "answers over 30 s")
    angry = Alert(3, 0.0, 900.0, 900.0, 1.62, 1.5, "complaints")
    assert sentence(slow, is_drill=True) == (
        "[DRILL] alert level 1: 34.5 % of answers over 30 s, limit 10 %; standby agents are due"
    )
    assert sentence(angry, is_drill=False) == (
        "alert level 3: 1.6 times the complaints of the interval before, limit 1.5; the executive is to be told"
    )


INSTANTS = st.floats(0, 400) | st.sampled_from([0.0, 30.0, 60.0, 90.0, 120.0])
CONTACTS = st.tuples(INSTANTS, st.none() | INSTANTS, st.none() | INSTANTS, st.sampled_from(Outcome))


@settings(max_examples=60, deadline=None)
@given(st.lists(CONTACTS, max_size=12))
def test_counts_are_those_of_counting_one_by_one(scenario: Scenario, story: Story, told: list[Any]) -> None:
    """Seen: settled since the tick before, or waiting. Late: over 30 s by then, or ended without an answer."""
    line = Timeline(0.0, 60.0, 300.0, 300.0, 300.0, (), ())
    rows = [_row(*contact) for contact in told]
    counts = AlertCounts(scenario, line)
    for row in rows:  # in pieces
        counts.add(Contacts.of(story([row]), line))
    seen, late = [], []
    for tick in counts.ticks_s.tolist():
        there = [row for row in rows if row["planned_s"] <= tick and _settled(row) > tick - 30.0]
        seen.append(len(there))
        late.append(sum(_is_late(row, tick) for row in there))
    assert counts._seen[1:-2].tolist() == seen
    assert counts._late[1:-2].tolist() == late
    assert counts.ticks_s.tolist() == [90.0, 120.0, 150.0, 180.0, 210.0, 240.0, 270.0, 300.0]


def _row(planned: float, claimed: float | None, ended: float | None, outcome: Outcome) -> dict[str, Any]:
    since = [math.nan if later is None else planned + later for later in (claimed, ended)]
    return {
        "planned_s": planned,
        "claimed_s": since[0],
        "bot_reply_s": since[0],
        "ended_s": since[1],
        "outcome": outcome,
    }


def _settled(row: dict[str, Any]) -> float:
    known = [row[name] for name in ("claimed_s", "ended_s") if not np.isnan(row[name])]
    return known[0] if known else math.inf


def _is_late(row: dict[str, Any], tick: float) -> bool:
    never = np.isnan(row["claimed_s"]) and _settled(row) <= tick
    return bool(never or min(_settled(row), tick) - row["planned_s"] > 30.0)


@pytest.mark.parametrize(("name", "seed"), [("quick", 1), ("quick", 2), ("monthly-drill", 1)])
def test_tick_after_tick_the_same_alerts_are_raised_as_on_the_finished_table(name: str, seed: int) -> None:
    """A live run judges what it has counted by every tick; a table is judged at once."""
    known = load(name)
    span = workload.window(known)
    line = workload.timeline(known, span)
    outcomes, _ = play(known, workload.sample(known, seed, span, day_factor=False), line)
    counts = AlertCounts(known, line)
    counts.add(Contacts.of(outcomes, line))
    judge, found = Judge(known, counts.ticks_s.tolist()), dict[int, list[Alert]]({1: [], 2: [], 3: []})
    for number, counted in enumerate(_by_tick(counts)):
        for level, alert in judge.look(number, counted).items():
            found[level] = join(found[level], alert)
    assert in_order(alert for level in found.values() for alert in level) == counts.alerts()
    assert counts.alerts()


def _by_tick(counts: AlertCounts) -> Iterator[Counts]:
    columns = zip(counts._seen, counts._late, counts._ended, counts._complaints, strict=True)
    for seen, late, kinds, complaints in [*columns][1:-2]:
        satisfied, resolved, rated = kinds[1::2].sum(), kinds[[2, 3, 6, 7]].sum(), kinds[4:].sum()
        yield Counts(int(seen), int(late), int(kinds.sum()), int(satisfied), int(resolved), int(rated), int(complaints))

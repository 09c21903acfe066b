"""The search for the least that holds, and what a few days say about many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crestline.measures import NOTHING, Value
from crestline.remedies.paired import difference, moved
from crestline.remedies.search import least
from crestline.scenario import Objective, load

ASKED: Objective = load("quick", ["objectives=[abandonment < 10%]"]).objectives[0]


@given(st.integers(1, 500), st.integers(0, 600), st.integers(0, 600))
def test_the_least_place_is_found_from_wherever_the_search_begins(count: int, first: int, guess: int) -> None:
    """It is found if there is one, by steps that double and then halve."""
    asked: list[int] = []

    def holds(place: int) -> bool:
        asked.append(place)
        return place >= first

    assert least(count, guess, holds) == (first if first < count else None)
    assert len(asked) == len(set(asked)) <= 2 * count.bit_length() + 2


def values(*numbers: float | None) -> list[Value]:
    return [Value(number) for number in numbers]


# Days that were worse than the others before are so afterwards: the mean over all days is moved by as much.
def test_a_few_bad_days_are_known_to_be_bad() -> None:
    before = Value(0.20, 0.18, 0.22)
    seen = moved(before, values(0.24, 0.26, 0.28), values(0.14, 0.16, 0.18), ASKED, 20)
    assert seen.value is not None
    assert 0.10 < seen.value < 0.16
    assert seen.p_met == 0


# One day of a thousandfold wait before says nothing about days on which nobody waits.
def test_days_that_have_nothing_to_do_with_what_was_before_speak_for_themselves() -> None:
    before = Value(9000.0, 0.0, 18000.0)
    seen = moved(before, values(100, 300, 200), values(21, 20, 19), ASKED, 20)
    assert seen.value is not None
    assert seen.high is not None
    assert 18 < seen.value < 22
    assert seen.high < 24


# Recovery that could not be judged before can be with more agents.
def test_days_without_a_value_before_are_taken_as_they_come() -> None:
    assert moved(NOTHING, values(None, None), values(300, 320), ASKED, 20).value == 310
    assert moved(Value(1.0), values(1, 2), values(None, 3), ASKED, 20) == NOTHING


# What days differ by cancels in the difference.
def test_the_effect_is_that_on_the_same_days() -> None:
    effect = difference(values(10, 20, 30, None), values(8, 18, 28, 1))
    assert (effect.value, effect.low, effect.high) == (-2, -2, -2)
    assert difference(values(None), values(1)) == NOTHING

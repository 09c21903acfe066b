"""Quantities: read as people write them, refused with what was expected, and written back exactly."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline import units

amounts = st.floats(min_value=0, max_value=1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("15min", 900), ("1h30m", 5400), ("500ms", 0.5), ("2d", 172800), ("2 min 31 s", 151), ("0s", 0)],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: float) -> None:
    assert units.parse_duration(text) == seconds


@pytest.mark.parametrize("value", [45, 4.5, "60", "", "s", "-5s", "5 parsecs", "45s later", None, True, [], "1h30"])
def test_a_duration_without_its_unit_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValueError, match=r"got .*, expected a duration with its unit, such as 45s"):
        units.parse_duration(value)


@pytest.mark.parametrize(("text", "per_s"), [("120/h", 120 / 3600), ("2/s", 2), ("30/min", 0.5), ("0/h", 0)])
def test_a_rate_is_read_per_second(text: str, per_s: float) -> None:
    assert units.parse_rate(text) == per_s


@pytest.mark.parametrize("value", [120, "121", "120h", "/h", "-1/s", "2/week", None])
def test_a_rate_without_its_unit_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(ValueError, match=r"got .*, expected a rate with its unit, such as 120/h"):
        units.parse_rate(value)


@pytest.mark.parametrize(
    ("value", "share"), [("35%", 0.35), (0.35, 0.35), ("100%", 1), (1, 1), (0, 0), ("0.5 %", 0.005)]
)
def test_a_share_is_percent_or_a_number_up_to_one(value: object, share: float) -> None:
    assert units.parse_share(value) == share


@pytest.mark.parametrize("value", [35, "36", "101%", -0.1, True, None, "a third", math.nan, math.inf])
def test_a_share_beyond_the_whole_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"got .*, expected a share from 0% to 100%"):
        units.parse_share(value)


def test_a_level_may_exceed_the_whole() -> None:
    assert [units.parse_level(v) for v in ("200%", 2.0, 2)] == [2.0, 2.0, 2.0]
    with pytest.raises(ValueError, match='got "twice", expected a level such as 200%'):
        units.parse_level("twice")


@pytest.mark.parametrize("parse", [units.parse_duration, units.parse_rate, units.parse_level, units.parse_share])
@pytest.mark.parametrize("value", ["1e999s", "1e999/s", "1e999%", 10**400, math.inf, math.nan])
def test_what_is_beyond_all_measure_is_refused(parse: Callable[[object], float], value: object) -> None:
    """No sum of quantities overflows later on."""
    with pytest.raises(ValueError, match=r"^got .*, expected a"):
        parse(value)


def test_the_clock_goes_on_past_midnight() -> None:
    assert [units.parse_clock(t) for t in ("00:00", "8:05", "25:30", "20:30:15")] == [0, 29100, 91800, 73815]


@pytest.mark.parametrize("value", [1320, "20.30", "20:60", "noon", None, "2030"])
def test_what_is_no_clock_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match='expected a clock time such as "20:30"'):
        units.parse_clock(value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (151.2, "2 min 31 s"), (31.2, "31.2 s"), (45.0, "45 s"), (0.3, "0.3 s"), (3900, "1 h 5 min"), (120, "2 min"),
        (59.97, "1 min"), (3599.9, "1 h"), (0.0016, "1.6 ms"), (0, "0 s"), (-90, "-1 min 30 s"), (90000, "25 h"),
        (math.inf, "never"), (math.nan, "-"),
    ],
)  # fmt: skip
def test_a_duration_is_printed_for_people(seconds: float, text: str) -> None:
    assert units.format_duration(seconds) == text


def test_shares_rates_levels_and_clocks_are_printed_for_people() -> None:
    assert [units.format_share(x) for x in (0.041, 0.35, 1, 0)] == ["4.1 %", "35 %", "100 %", "0 %"]
    assert [units.format_rate(x / 3600) for x in (3000, 2.5, 0)] == ["3,000/h", "2.5/h", "0/h"]
    assert units.format_level(2.0) == "200 %"
    assert [units.format_clock(x) for x in (73800, 73815, 91800, 0)] == ["20:30", "20:30:15", "25:30", "00:00"]


def test_files_use_the_largest_unit_that_is_whole() -> None:
    assert [units.spell_duration(x) for x in (45.0, 900.0, 7200.0, 5400.0, 31.25, 0.0)] == [
        "45s", "15min", "2h", "90min", "31.25s", "0s",
    ]  # fmt: skip
    assert [units.spell_rate(x) for x in (1500 / 3600, 2.0, 0.0)] == ["1500/h", "2/s", "0/h"]
    assert units.spell_share(0.35) == "35%"
    assert units.spell_clock(73800.0) == "20:30"


@given(amounts)
def test_what_is_spelled_reads_back_as_the_same_number(number: float) -> None:
    assert units.parse_duration(units.spell_duration(number)) == number
    assert units.parse_rate(units.spell_rate(number)) == number
    assert units.parse_level(units.spell_share(number)) == number


@given(st.floats(min_value=0, max_value=9e6, allow_nan=False))
def test_a_clock_time_reads_back_as_the_same_instant(seconds: float) -> None:
    assert units.parse_clock(units.spell_clock(seconds)) == seconds


@given(st.integers(0, 9_000_000))
def test_whole_seconds_on_the_clock_read_back_exactly(seconds: float) -> None:
    assert units.parse_clock(units.spell_clock(float(seconds))) == seconds

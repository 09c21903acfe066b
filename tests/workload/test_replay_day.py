"""A recorded day, arrival by arrival: at 100 % as it was, at any other level as near to it as can be."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.replicate.controls import expected_work, offered_work
from crestline.scenario import Scenario
from crestline.tables import Floats
from crestline.units import spell_clock
from crestline.workload import arrivals, day, sample, sample_chunks, window
from crestline.workload.arrivals import expected_arrivals, expected_by_contact
from crestline.workload.replay import DRIFT_S

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

FEBRUARY = Path(__file__).resolve().parents[3] / "shared" / "data" / "bank_calls_1999-02.csv"
COUNT = 2000
Replayed = Callable[..., Scenario]


def write(path: Path, instants: Sequence[float], contacts: Sequence[str] = ()) -> dict[str, Any]:
    """A recorded day as a CSV file, and the demand that replays it."""
    names = contacts or [""] * len(instants)
    lines = [f"{spell_clock(at)},{name}" for at, name in zip(instants, names, strict=True)]
    path.write_text("\n".join(["at,contact", *lines]), encoding="utf-8")
    return {"rate": {"replay": str(path)}}


@pytest.fixture(scope="module")
def recorded_s() -> Floats:
    """2,000 arrivals between 08:00 and 12:00, to the second, as seconds since 08:00."""
    return np.sort(np.random.default_rng(1).integers(0, 14_400, COUNT)).astype(np.float64)


@pytest.fixture(scope="module")
def replayed(scenario: MakeScenario, recorded_s: Floats, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """The scenario with these arrivals, changed by lines of ``--set``."""
    demand = write(tmp_path_factory.mktemp("recorded") / "calls.csv", (recorded_s + 8 * 3600).tolist())

    def make(*sets: str, **parts: Any) -> Scenario:
        return scenario("recontact=null", *sets, demand=demand, **parts)

    return make


def at_level(made: Scenario, level: float, seed: int = 1) -> Floats:
    return sample(made, seed, day(made, level)).first_planned_s


# The day as it was: every arrival, at the very instant.
def test_the_day_comes_as_it_was_recorded(replayed: Replayed, recorded_s: Floats) -> None:
    assert np.array_equal(at_level(replayed(), 1.0), recorded_s)
    assert np.array_equal(at_level(replayed(), 1.0, seed=2), recorded_s)


# Twice the day: every arrival at its instant, and once more within three minutes.
def test_at_twice_the_level_everybody_comes_twice(replayed: Replayed, recorded_s: Floats) -> None:
    twice = at_level(replayed(), 2.0)
    left = list(twice)
    for instant in recorded_s:
        left.remove(instant)
    assert len(left) == COUNT
    assert np.abs(np.sort(left) - recorded_s).max() <= DRIFT_S
    assert recorded_s[0] <= min(left) <= max(left) <= recorded_s[-1]


# Below the day: some stay away, the others come when they came; who comes at a low level comes at a higher one.
def test_below_the_level_some_stay_away(replayed: Replayed, recorded_s: Floats) -> None:
    third, half = (set(at_level(replayed(), level).tolist()) for level in (1 / 3, 0.5))
    assert third < half < set(recorded_s.tolist())
    assert 0.45 * COUNT < len(at_level(replayed(), 0.5)) < 0.55 * COUNT


# Other seeds and other replications leave out others; the same ones do not.
def test_another_replication_leaves_out_others(replayed: Replayed) -> None:
    span = day(replayed(), 0.5)
    first, again, other = (sample(replayed(), 1, span, number).first_planned_s for number in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@settings(max_examples=25, deadline=None)
@given(
    seconds=st.lists(st.integers(0, 14_399), min_size=1, max_size=60),
    level=st.integers(1, 6),
    more=st.floats(0.0, 1.0, exclude_max=True),
    seed=st.integers(0, 9),
)
def test_everybody_comes_as_many_times_as_the_level_says(
    scenario: MakeScenario, seconds: list[int], level: int, more: float, seed: int
) -> None:
    first, *later = sorted(seconds)
    gaps = " ".join(map(str, (8 * 3600 + first, *np.diff([first, *later]))))
    made = scenario("recontact=null", demand={"rate": {"replay": {"gaps": gaps}}})
    whole, beyond, highest = (
        Counter(at_level(made, at, seed).round(9).tolist())  # gaps add up to instants: the last bit is not the same
        for at in (level, level + more, level + 1.0)
    )
    assert whole.total() == level * len(seconds)
    assert whole <= beyond <= highest
    assert Counter(map(float, seconds)) <= whole
    assert first <= min(highest) <= max(highest) <= max(seconds)


# A live run, its forecast and the same rows see the same customers.
def test_customers_are_the_same_live_and_simulated(replayed: Replayed) -> None:
    made = replayed(load_test={"from": "09:00", "for": "1h", "ramp": "10min", "level": "170%"})
    live = sample(made, 1, window(made), day_factor=False)
    simulated = sample(made, 1, window(made), day_factor=False, simulated=True)
    assert all(np.array_equal(column, simulated.columns()[name]) for name, column in live.columns().items())


# In pieces it is the same day: they may be as small as you like.
@pytest.mark.parametrize("block", [7, 512])
def test_it_does_not_matter_in_which_pieces_it_comes(replayed: Replayed, block: int) -> None:
    whole = sample(replayed(), 1, day(replayed(), 1.5))
    with patch.object(arrivals, "BLOCK", block):
        pieces = list(sample_chunks(replayed(), 1, day(replayed(), 1.5)))
    assert len(pieces) > 2
    for name, column in whole.columns().items():
        assert np.array_equal(np.concatenate([piece.columns()[name] for piece in pieces]), column)


# A surge multiplies where it is: outside nothing changes, inside everybody comes again.
def test_demand_is_multiplied_where_it_surges(replayed: Replayed, recorded_s: Floats) -> None:
    came = at_level(replayed("demand.surges=[{at: 09:00, for: 1h, factor: 3}]"), 1.0)
    outside = (came < 3600) | (came >= 7200)
    assert np.array_equal(came[outside], recorded_s[(recorded_s < 3600) | (recorded_s >= 7200)])
    usual = COUNT - outside.sum()
    assert (~outside).sum() == pytest.approx(3 * usual, rel=0.05)


LOADS: list[dict[str, Any]] = [
    {"level": "170%", "ramp": "10min"},
    {"level": "100%", "shape": {"steps": {"levels": ["50%", "100%", "250%"]}}},
    {"level": "400%", "shape": {"spike": {"at": "09:20", "for": "1min", "base": "80%"}}},
]


# Theory: over many replications as many come as are expected, in every part of a window.
@pytest.mark.parametrize("load", LOADS)
def test_as_many_come_as_are_expected(replayed: Replayed, load: dict[str, Any]) -> None:
    made = replayed(load_test={"from": "09:00", "for": "1h"} | load)
    span = window(made)
    counts = [len(sample(made, 1, span, number, day_factor=False).first_planned_s) for number in range(200)]
    error = np.std(counts) / np.sqrt(len(counts))
    assert abs(np.mean(counts) - expected_arrivals(made, span)) < 3.1 * error


# A spike is as short as it is told, however far those who come again are from when they came.
def test_a_spike_begins_and_ends_when_it_should(replayed: Replayed, recorded_s: Floats) -> None:
    spike = {"spike": {"at": "09:20", "for": "1min", "base": "100%"}}
    made = replayed(load_test={"from": "09:00", "for": "1h", "level": "1000%", "shape": spike})
    came = sample(made, 1, window(made), day_factor=False).first_planned_s
    burst = (came >= 4800) & (came < 4860)
    inside = (recorded_s >= 3600) & (recorded_s < 7200) & ~((recorded_s >= 4800) & (recorded_s < 4860))
    assert np.array_equal(came[~burst], recorded_s[inside])
    around = ((recorded_s >= 4650) & (recorded_s < 5010)).sum() / 6  # a minute, in the six around it
    assert burst.sum() == pytest.approx(10 * around, rel=0.3)


# A step below 100 % holds some of those who were recorded, one at 100 % just them, one beyond all of them and more.
def test_a_window_climbs_through_the_recorded_day(replayed: Replayed, recorded_s: Floats) -> None:
    made = replayed(load_test={"from": "09:00", "for": "1h"} | LOADS[1])
    came = sample(made, 1, window(made), day_factor=False).first_planned_s
    (low, below), (usual, same), (high, beyond) = (
        [instants[(instants >= start) & (instants < start + 1200)] for instants in (recorded_s, came)]
        for start in (3600, 4800, 6000)
    )
    assert set(below.tolist()) < set(low.tolist())
    assert np.array_equal(same, usual)
    assert set(beyond.tolist()) > set(high.tolist())
    assert len(beyond) == pytest.approx(2.5 * len(high), rel=0.1)


# What customers came for is what was recorded; where nothing was, it is sampled by the shares.
def test_customers_come_for_what_was_recorded(scenario: MakeScenario, tmp_path: Path) -> None:
    names = ["refund", "complaint", ""] * 400
    made = scenario(demand=write(tmp_path / "calls.csv", [8 * 3600 + i * 10.0 for i in range(1200)], names))
    workload = sample(made, 1, day(made))
    types = list(made.contacts)
    contact = [types[i] for i in workload.contact[workload.first_rows]]
    assert contact[0::3] == ["refund"] * 400
    assert contact[1::3] == ["complaint"] * 400
    assert {"order", "refund", "complaint"} == set(contact[2::3])
    expected = {"order": 200.0, "refund": 400 + 120.0, "complaint": 400 + 80.0}
    assert expected_by_contact(made, day(made)) == pytest.approx(expected)


# The work that is expected is the mean of the work that comes: forecasts are corrected by it.
def test_the_expected_work_is_the_mean_of_the_work(scenario: MakeScenario, tmp_path: Path) -> None:
    names = ["complaint"] * 300 + ["", "order"] * 450
    demand = write(tmp_path / "calls.csv", [8 * 3600 + i * 12.0 for i in range(1200)], names)
    made = scenario("recontact=null", demand=demand)
    span = day(made, 1.3)
    days = [offered_work(made, sample(made, 1, span, number), span).whole_s for number in range(200)]
    error = np.std(days) / np.sqrt(len(days))
    assert abs(np.mean(days) - expected_work(made, span).whole_s) < 3.1 * error


# A day of the bank: 100 % is that day, 200 % twice as many, as even within minutes and as uneven over half hours.
@pytest.mark.skipif(not FEBRUARY.exists(), reason=f"the bank's call log is not at {FEBRUARY}")
def test_a_day_of_the_bank_keeps_its_form(scenario: MakeScenario, tmp_path: Path) -> None:
    with FEBRUARY.open(encoding="utf-8") as file:
        calls = [row for row in csv.DictReader(file) if row["outcome"] != "PHANTOM"]
    indices = []
    for date in sorted({row["date"] for row in calls})[:10]:
        clocks = [row["vru_entry"].rjust(8, "0") for row in calls if row["date"] == date]
        seconds = np.sort([sum(int(n) * s for n, s in zip(c.split(":"), (3600, 60, 1), strict=True)) for c in clocks])
        demand = write(tmp_path / "calls.csv", seconds.tolist())
        made = scenario("recontact=null", "day={start: '00:00', length: 24h}", demand=demand)
        once, twice = at_level(made, 1.0), at_level(made, 2.0)
        assert np.array_equal(once, seconds)
        assert len(twice) == 2 * len(once)
        indices.append([dispersion(came, width_s) for came in (once, twice) for width_s in (60.0, 1800.0)])
    (minutes, half_hours, minutes_twice, half_hours_twice) = np.mean(indices, axis=0)
    assert minutes == pytest.approx(1, abs=0.1)
    assert minutes_twice == pytest.approx(1, abs=0.15)
    assert half_hours_twice / half_hours == pytest.approx(2, rel=0.15)


def dispersion(instants: Floats, width_s: float) -> float:
    """Variance / mean of counts from 08:00 to 22:00, by the differences of neighbours, which takes out the trend."""
    counts = np.histogram(instants, bins=np.arange(8 * 3600, 22 * 3600 + 1, width_s))[0]
    return float((np.diff(counts) ** 2).mean() / 2 / counts.mean())

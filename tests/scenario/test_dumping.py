"""A dumped scenario is complete, in the units people use, and loads back to an equal one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.scenario import Scenario, dump, load
from crestline.scenario.loading import shipped

amounts = st.floats(min_value=0.001, max_value=1e6)
seconds = amounts.map(lambda s: f"{s!r}s")
shares = st.floats(min_value=0.001, max_value=1)
clocks = st.integers(0, 100 * 60).map(lambda m: f"{m // 60:02d}:{m % 60:02d}")
times = st.one_of(
    seconds.map(lambda mean: {"constant": mean}),
    seconds.map(lambda mean: {"exponential": {"mean": mean}}),
    st.tuples(seconds, amounts).map(lambda t: {"lognormal": {"mean": t[0], "cv": t[1]}}),
    st.tuples(seconds, amounts).map(lambda t: {"gamma": {"mean": t[0], "cv": t[1]}}),
    st.lists(seconds, min_size=1, max_size=4).map(lambda v: {"empirical": {"values": v}}),
    seconds.map(lambda top: {"empirical": {"quantiles": {"0%": "0s", "0.5%": "0.0001s", "100%": top}}}),
)
scenarios = st.fixed_dictionaries(
    {
        "name": st.from_regex(r"[A-Za-z0-9_]+", fullmatch=True),
        "about": st.text(st.characters(exclude_categories=["C"])),
        "interval": seconds,
        "demand": st.fixed_dictionaries(
            {"rate": amounts.map(lambda r: f"{r!r}/h") | st.dictionaries(clocks, st.just("3/min"), min_size=1)}
        ),
        "contacts": st.fixed_dictionaries(
            {
                "all": st.fixed_dictionaries(
                    {"share": st.just(1), "handle_time": times, "patience": times | st.just("never")}
                )
            }
        ),
        "agents": st.fixed_dictionaries(
            {
                "all": st.fixed_dictionaries(
                    {
                        "skills": st.just(["all"]),
                        "on_duty": st.integers(0, 99) | st.dictionaries(clocks, st.integers(0, 99), min_size=1),
                        "availability": shares,
                        "cost_per_hour": amounts,
                    }
                )
            }
        ),
        "vip": st.fixed_dictionaries({"share": shares}),
    }
)  # fmt: skip


def reloaded(scenario: Scenario) -> Scenario:
    with TemporaryDirectory() as folder:
        path = Path(folder, "copy.yaml")
        path.write_text(dump(scenario), encoding="utf-8")
        return load(path)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_scenario_loads_and_comes_back_equal(name: str) -> None:
    scenario = load(name)
    assert reloaded(scenario) == scenario
    assert scenario.about


@settings(max_examples=60, deadline=None)
@given(scenarios)
def test_any_scenario_comes_back_equal(content: dict[str, Any]) -> None:
    """Exact to the last bit, whatever units the numbers take."""
    scenario = load(content)
    assert reloaded(scenario) == scenario


def test_the_copy_says_what_people_would_write(small: dict[str, Any]) -> None:
    """Units, quoted clock times, and the defaults that were left out."""
    text = dump(load(small))
    for line in (
        '  start: "08:00"',
        "  rate: 600/h",
        "    share: 75%",
        "      lognormal: {mean: 3min, cv: 110%}",
        "interval: 30min",
        "    patience: never",
        "objectives: [frt p90 < 45s, recovery <= 15min]",
        '      "10:00": 30',
    ):
        assert line in text.splitlines()

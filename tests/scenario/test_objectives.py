"""An objective is one line of words, and its key is the name of what is measured."""

import pytest

from crestline.scenario.objectives import MEASURES, Objective, parse_objective


def read(text: str) -> Objective:
    return Objective.model_validate(parse_objective(text))


@pytest.mark.parametrize(
    ("text", "key", "limit", "unit"),
    [
        ("frt p90 < 45s", "frt_p90_s", 45, "s"),
        ("agent_frt p95 <= 2min", "agent_frt_p95_s", 120, "s"),
        ("frt mean < 20s", "frt_mean_s", 20, "s"),
        ("wait p50 < 10s", "wait_p50_s", 10, "s"),
        ("wait mean < 10s", "mean_wait_s", 10, "s"),
        ("service_level >= 80%", "service_level", 0.8, "share"),
        ("service_level 20s >= 80%", "service_level", 0.8, "share"),
        ("service_level 30s >= 0.8", "service_level_30s", 0.8, "share"),
        ("abandonment < 5% for refund", "abandonment[refund]", 0.05, "share"),
        ("agent_frt p90 < 2min for vip each interval", "agent_frt_p90_s[vip]@interval", 120, "s"),
        ("occupancy <= 85% each interval", "occupancy@interval", 0.85, "share"),
        ("resolution >= 90%", "resolution_rate", 0.9, "share"),
        ("error_rate<1%", "error_rate", 0.01, "share"),
        ("recovery <= 15min", "recovery_s", 900, "s"),
        ("cost_per_contact < 3.50", "cost_per_contact", 3.5, "currency"),
    ],
)
def test_a_line_says_what_is_measured_and_its_limit(text: str, key: str, limit: float, unit: str) -> None:
    objective = read(text)
    assert (objective.key, str(objective.unit)) == (key, unit)
    assert objective.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("frt < 45s", '"frt < 45s" lacks a percentile; write for example "frt p90 < 45s"'),
        ("frt p80 < 45s", 'frt has no "p80", expected one of p50, p90, p95, p99, mean; write for example'),
        ("frt p90 < 45", 'frt needs a duration with its unit (got "45"); write for example "frt p90 < 45s"'),
        ("frt p90 < 5%", 'frt needs a duration with its unit (got "5%")'),
        ("abandonment < 5", 'abandonment needs a share such as 5% (got "5"); write for example "abandonment < 5%"'),
        ("abandonment < 5s", 'abandonment needs a share such as 5% (got "5s")'),
        ("abandonment p90 < 5%", 'abandonment takes no "p90"; write for example "abandonment < 5%"'),
        ("service_level 20 >= 80%", 'service_level needs a duration with its unit (got "20")'),
        ("cost_per_contact < 3 EUR", 'cost_per_contact needs a plain amount of money (got "3 EUR")'),
        ("recovery <= 15min each interval", "recovery cannot be asked of each interval"),
        ("recovery <= 15min for refund", "recovery cannot be asked for refund alone"),
        ("abandonnment < 5%", '"abandonnment < 5%": abandonnment is no measure; did you mean abandonment?'),
        ("speed < 5%", "speed is no measure; expected one of frt, agent_frt, wait"),
        ("frt p90", 'got "frt p90", expected <measure> <op> <limit>, for example "frt p90 < 45s"'),
        ("< 45s", 'got "< 45s", expected <measure> <op> <limit>'),
        ("frt p90 = 45s", 'got "frt p90 = 45s", expected <measure> <op> <limit>'),
    ],
)
def test_a_line_that_says_nothing_measurable_is_told_with_one_that_does(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"frt|abandon|recovery|service|cost") as error:
        parse_objective(text)
    assert told in str(error.value)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match=r"got 45, expected <measure> <op> <limit>"):
        parse_objective(45)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_example_of_every_measure_is_an_objective(measure: str) -> None:
    assert read(MEASURES[measure].example).measure == measure


def test_the_operator_says_on_which_side_the_limit_holds() -> None:
    values = (0.79, 0.8, 0.81)
    held = {op: [read(f"satisfaction {op} 80%").holds(value) for value in values] for op in ("<", "<=", ">", ">=")}
    assert held == {
        "<": [True, False, False], "<=": [True, True, False], ">": [False, False, True], ">=": [False, True, True],
    }  # fmt: skip
    assert [read(f"satisfaction {op} 80%").at_least for op in ("<", "<=", ">", ">=")] == [False, False, True, True]

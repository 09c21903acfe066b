from __future__ import annotations

import pytest

from crestline.report import words
from crestline.report.objectives import name


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (151.2, "s", "2 min 31 s"),
        (31.24, "s", "31.2 s"),
        (-1e-12, "s", "0 s"),
        (0.041, "share", "4.1 %"),
        (1204.4, "per_h", "1,204/h"),
        (3.4, "currency", "3.40 EUR"),
        (12.0, "count", "12"),
        (None, "s", "-"),
    ],
)
def test_a_quantity_carries_its_unit(amount: float | None, unit: str, said: str) -> None:
    assert words.quantity(amount, unit, "EUR") == said


def test_a_percentile_on_someone_never_answered_is_over_what_could_be_seen() -> None:
    assert words.value({"value": 3600.0, "over": True}, "s") == "over 1 h"


def test_nothing_measured_is_a_dash_not_a_zero() -> None:
    assert words.value(None, "s") == words.value({"value": None}, "share") == "-"
    assert words.interval(None, "s") == words.band({"value": 1.0}, "s") == ""


def test_an_interval_is_short_since_the_value_beside_it_has_the_unit() -> None:
    assert words.interval({"low": 144.0, "high": 158.4}, "s") == "[2:24, 2:38]"
    assert words.interval({"low": 30.1, "high": 32.0}, "s") == "[30.1, 32]"
    assert words.interval({"low": 0.034, "high": 0.049}, "share") == "[3.4, 4.9]"
    assert words.band({"p5": 3500.0, "p95": 3700.0}, "s") == "[58:20..1:01:40]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("frt p90 < 45s", "frt p90"),
        ("service_level 20s >= 80%", "service_level 20s"),
        ("abandonment < 5% for refund each interval", "abandonment for refund each interval"),
        ("wait p90 < 1h 30m for vip", "wait p90 for vip"),
    ],
)
def test_an_objective_is_named_without_its_limit(text: str, said: str) -> None:
    assert name(text) == said


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("agent_frt_p90_s[refund]@interval", "agent_frt p90 for refund each interval"),
        ("recovery_s", "recovery"),
        ("abandonment", "abandonment"),
    ],
)
def test_a_measure_is_named_as_objectives_name_it(key: str, said: str) -> None:
    assert words.measure_name(key) == said

"""How intervals stand: shares over days with the bound that has to clear the limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from crestline.replicate import t_quantile
from crestline.scenario import Objective
from crestline.scenario.objectives import parse_objective
from crestline.staffing.standing import FEWEST, Standing, pooled


def asked(*texts: str) -> tuple[Objective, ...]:
    return tuple(Objective.model_validate(parse_objective(text)) for text in texts)


def standing(text: str, *days: tuple[int, int]) -> Standing:
    """One objective in one interval: (hits, of) day by day."""
    return pooled(asked(text), [(np.array([[hits]]), np.array([[of]])) for hits, of in days])


def only(values: Any) -> float:
    return float(np.asarray(values).item())


def test_the_bound_is_that_of_a_ratio() -> None:
    """Residuals of 90 of 100, 60 of 100 and 210 of 200 against 0.9 of each: 0, -30 and 30."""
    made = standing("frt p90 < 45s", (90, 100), (60, 100), (210, 200))
    assert only(made.share) == pytest.approx(0.9)
    half = t_quantile(2) * math.sqrt(3 / 2 * (0 + 900 + 900)) / 400
    assert only(made.bound) == pytest.approx(0.9 - half)
    assert not made.holds().any()


@pytest.mark.parametrize(
    ("text", "days", "holds"),
    [
        ("abandonment < 5%", [(4, 100), (4, 100)], True),
        ("abandonment < 5%", [(5, 100), (5, 100)], False),
        ("abandonment <= 5%", [(5, 100), (5, 100)], True),
        ("abandonment < 5%", [(0, 100), (8, 100)], False),  # the mean alone would hold
        ("satisfaction >= 85%", [(85, 100), (85, 100)], True),
        ("satisfaction > 85%", [(85, 100), (85, 100)], False),
        ("frt p90 < 45s", [(90, 100), (90, 100)], True),
        ("frt p90 < 45s", [(89, 100), (90, 100)], False),
    ],
)
def test_an_interval_holds_by_its_bound(text: str, days: list[tuple[int, int]], holds: bool) -> None:
    made = standing(text, *days)
    assert made.holds().all() == holds
    assert made.short(np.ones((1, 1), np.bool_)).any() != holds


def test_few_contacts_are_not_judged() -> None:
    """With fewer than thirty over all days there is nothing to hold, and nothing to miss."""
    made = standing("abandonment < 5%", (FEWEST - 2, FEWEST - 2), (1, 1))
    assert not made.judged.any()
    assert made.holds().all()
    assert not made.missed(np.ones((1, 1), np.bool_)).any()


def test_the_tightest_objective_has_used_up_most_of_what_may_fail() -> None:
    """Abandonment of 3 of 5 %, against 4 of 10 % who may wait longer: the first leaves less."""
    objectives = asked("abandonment < 5%", "agent_frt p90 < 2min")
    made = pooled(objectives, [(np.array([[3], [96]]), np.array([[100], [100]]))] * 2)
    assert made.margin[:, 0] == pytest.approx([0.4, 0.6])
    assert made.said(0, 0) == "3 %, at most 3 %"
    assert made.said(1, 0) == "96 % within 2 min, at least 96 %"
    assert (made.name(0), made.name(1)) == ("abandonment", "agent_frt within 2 min")


def test_what_is_not_wanted_is_not_missed() -> None:
    made = standing("abandonment < 5%", (50, 100), (50, 100))
    assert not made.short(np.zeros((1, 1), np.bool_)).any()

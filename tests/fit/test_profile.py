from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crestline.fit.profile import join


# For all half hours: the line's mean over each is its rate, and it is never negative.
@given(st.lists(st.floats(0.0, 1e4), min_size=1, max_size=60))
def test_the_line_holds_what_came(rates: list[float]) -> None:
    at, points = join(np.array(rates))
    assert np.all(points >= -1e-9 * max(rates, default=0.0))
    for slot, rate in enumerate(rates):
        inside = slice(2 * slot, 2 * slot + 3)
        assert np.isclose(np.trapezoid(points[inside], at[inside]), rate, atol=1e-9)


# A constant rate stays a constant line.
def test_a_constant_rate_is_a_straight_line() -> None:
    _, points = join(np.full(5, 3.0))
    assert points.tolist() == [3.0] * 11

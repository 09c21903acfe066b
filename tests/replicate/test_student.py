"""Student's t, beside scipy's."""

from __future__ import annotations

import pytest
from scipy import stats

from crestline.replicate import t_quantile


@pytest.mark.parametrize("freedom", [*range(1, 60), 203, 204, 9_999, 10_000])
def test_the_point_is_that_of_scipy(freedom: int) -> None:
    assert t_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)

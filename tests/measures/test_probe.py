"""The technical guards: what the harness's own probe saw of the target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crestline.measures.probe import Probe, technical_recovery_s

TICKS = np.arange(0.0, 3600.0, 30.0)
EVERY_6_S = np.arange(3.0, 3600.0, 6.0)
DOWN = (EVERY_6_S > 1200) & (EVERY_6_S < 1500)
WELL = Probe(
    time_s=EVERY_6_S,
    ok=np.ones(600, np.bool_),
    service_s=np.full(600, 0.5),
    pools_whole=np.ones(600, np.bool_),
)


@pytest.mark.parametrize(
    ("probe", "took"),
    [
        (WELL, 0.0),
        (replace(WELL, ok=~DOWN), 330.0),
        (replace(WELL, service_s=np.where(DOWN, 1.6, 0.5)), 330.0),
        (replace(WELL, service_s=np.where(DOWN, 1.4, 0.5)), 0.0),
        (replace(WELL, service_s=np.where(DOWN, 0.9, 0.1)), 0.0),
        (replace(WELL, pools_whole=~DOWN), 330.0),
        (replace(WELL, ok=EVERY_6_S < 1200), None),
    ],
    ids=["well", "errors", "three times slower", "not that slow", "under a second", "a worker short", "for good"],
)
def test_the_target_is_well_again_when_the_probe_says_so(probe: Probe, took: float | None) -> None:
    """Down from 1200 to 1500: the bucket up to 1500 is the last bad one, and the next ends at 1530."""
    assert technical_recovery_s(probe, TICKS, (300.0, 1200.0), 1200.0, 300.0) == took


def test_a_relapse_is_no_recovery() -> None:
    again = DOWN | ((EVERY_6_S > 1700) & (EVERY_6_S < 1800))
    assert technical_recovery_s(replace(WELL, ok=~again), TICKS, (300.0, 1200.0), 1200.0, 300.0) == 630.0

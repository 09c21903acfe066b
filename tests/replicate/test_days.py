"""One replication: how long it is played, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crestline.replicate import Day, buckets, play_day
from crestline.workload import day, timeline, window

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3


def test_a_day_holds_every_measure_and_the_curves(days: list[Day], service: MakeService) -> None:
    """The fixed measures and the objectives', the backlog at every control tick, a row per interval."""
    first = days[0]
    assert "abandonment" in first.measures
    assert "frt_p90_s" in first.measures
    ticks = buckets(service(), timeline(service(), day(service())))
    assert (ticks[0], ticks[-1], len(ticks)) == (0, 3600, 121)
    assert len(first.backlog) == len(ticks)
    assert len(first.intervals) == 2
    answered = first.frt_curve[np.isfinite(first.frt_curve)]
    assert (np.diff(answered) >= 0).all()


def test_play_goes_on_until_recovery_or_until_it_is_given_up(service: MakeService) -> None:
    """All agents leave for the rest of the window: it is awaited for ``give_up`` after the fault's effect."""
    leave = {"kind": "agents-leave", "at": "08:40", "for": "19min", "group": "desk", "share": 0.9}
    parts = {
        "faults": [leave],
        "objectives": ["recovery <= 15min"],
        "load_test": {"level": "100%", "ramp": "5min"},
        "recovery": {"sustain": "5min", "give_up": "45min"},
    }
    broken = service(**parts)
    played = play_day(broken, SEED, window(broken), day_factor=False)
    assert (played.timeline.end_s, played.timeline.stop_s) == (3600, 2400 + 2700)
    assert played.outcomes.planned_s.max() > 3600
    inside = played.digest.day()
    assert inside.contacts == int(((played.outcomes.planned_s >= 300) & (played.outcomes.planned_s < 3600)).sum())
    calm = service(**parts | {"faults": [leave | {"for": "1s", "share": 0.01}]})
    assert play_day(calm, SEED, window(calm), day_factor=False).timeline.stop_s == 3600

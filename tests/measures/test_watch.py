"""The windows of the guards as a fold: what the last contacts by a tick were like, without keeping the others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.measures import watch
from crestline.measures.guards import LARGEST, Flow, too_many
from crestline.measures.marks import Marks
from crestline.measures.watch import Latest
from crestline.tables import Bools, Floats

MARKS = Marks(np.array([0.0, 30.0, 60.0, 61.5, 90.0, 400.0]))
TICKS = np.array([1, 2, 4, 5])


def flow_of(came_s: Floats, over: Bools, *cuts: int) -> Flow:
    """Rows in pieces, in reverse order."""
    latest, row = Latest(MARKS), np.arange(len(came_s))
    latest.add(came_s[:0], row[:0], over[:0])
    for first, last in reversed(list(pairwise([0, *sorted(cuts), len(came_s)]))):
        latest.add(came_s[first:last], row[first:last], over[first:last])
    return latest.flow(TICKS)


def improbable(came_s: Floats, over: Bools, size: int) -> list[bool]:
    """The same from the whole table: the last rows by each tick, in order of time and row."""
    order = np.argsort(came_s, kind="stable")
    windows = [over[order][came_s[order] <= tick][-size:] for tick in MARKS.at_s[TICKS]]
    return [bool(window.sum() >= too_many()[len(window)]) for window in windows]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(0, 900),
    late=st.floats(0, 0.4),
    size=st.integers(20, LARGEST),
    cuts=st.lists(st.integers(0, 900), max_size=3),
    full=st.sampled_from([0, 150, 10_000]),
)
def test_windows_see_the_same_contacts_as_in_the_whole_table(
    seed: int, rows: int, late: float, size: int, cuts: list[int], full: int
) -> None:
    """Many come at one instant, where the row decides; more come before a mark than any window holds."""
    rng = np.random.default_rng(seed)
    came_s, over = np.floor(rng.uniform(-50, 200, rows)) / 2, rng.random(rows) < late
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watch, "FULL", full)
        flow = flow_of(came_s, over, *(min(cut, rows) for cut in cuts))
    assert flow.improbable(size).tolist() == improbable(came_s, over, size)
    for first, last in pairwise(MARKS.at_s.tolist()):
        inside = (came_s > first) & (came_s <= last)
        assert flow.between(first, last) == (inside.sum(), (inside & over).sum())


def test_only_the_latest_before_every_mark_are_kept() -> None:
    """Of ten thousand contacts there are at most a hundred for each of six marks."""
    came_s = np.linspace(-10, 500, 10_000)
    flow = flow_of(came_s, came_s < 0, 3000, 6000)
    assert len(flow.over) - 1 <= LARGEST * len(MARKS)
    assert flow.between(0.0, 400.0) == (int(((came_s > 0) & (came_s <= 400)).sum()), 0)

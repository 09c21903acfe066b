"""Instants among marks, counted as ``numpy.searchsorted`` counts them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crestline.measures.marks import CROWDED, Marks
from crestline.tables import Floats

INSTANTS = st.lists(st.floats(-1e5, 1e6, allow_nan=False), max_size=40)


def same(at_s: Floats, others_s: list[float]) -> bool:
    """Asked of the marks themselves, of their next neighbours, of other instants and of never."""
    marks = Marks(at_s)
    asked = np.concatenate((at_s, np.nextafter(at_s, -np.inf), np.nextafter(at_s, np.inf), others_s, [np.nan, np.inf]))
    before, upto = (np.searchsorted(at_s, asked, side=side) for side in ("left", "right"))
    return np.array_equal(marks.before(asked), before) and np.array_equal(marks.upto(asked), upto)


@given(INSTANTS, INSTANTS)
def test_instants_are_found_among_any_marks(at_s: list[float], others_s: list[float]) -> None:
    """Whatever the distances between them: none, tiny or large; and where there is no mark at all."""
    assert same(np.sort(np.array(at_s)), others_s)


@given(st.floats(0.01, 3600), st.floats(-1e5, 1e5), st.integers(1, 60), INSTANTS)
def test_instants_are_found_among_even_marks(step: float, first: float, count: int, odd: list[float]) -> None:
    """On a grid whose multiples are rounded, with a few odd ones between them."""
    assert same(np.unique(np.concatenate((first + step * np.arange(count), odd[:3]))), odd)


def test_crowded_marks_are_found_as_well() -> None:
    crowd = 1e6 + np.arange(2.0 * CROWDED) / 1e6
    assert same(np.concatenate((np.arange(10.0), crowd, [1e9])), [1e6 - 1, 5.5])

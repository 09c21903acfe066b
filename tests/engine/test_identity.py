"""For all scenarios: the compiled engine gives the reference's tables bit for bit, in one piece or in many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from types import ModuleType
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.engine import reference
from crestline.scenario import load
from crestline.tables import Workload
from crestline.units import format_clock
from crestline.workload import arrivals, day, sample, sample_chunks, timeline

from .any_scenario import Asked, asked
from .bits import Tables, differences


@pytest.fixture(scope="module")
def compiled() -> ModuleType:
    """The compiled engine."""
    module: ModuleType = pytest.importorskip("crestline.engine.compiled", reason="numba is not installed")
    return module


def for_all(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, derandomize=True)


def in_chunks(workload: Workload, cuts: Iterable[int]) -> Iterator[Workload]:
    """The same workload cut before these customers."""
    first_rows = [*workload.first_rows.tolist(), len(workload)]
    planned_s = [workload.start_s, *workload.first_planned_s.tolist()]
    for begin, end in pairwise([0, *sorted(cuts), len(first_rows) - 1]):
        rows = np.arange(first_rows[begin], first_rows[end])
        yield replace(workload.take(rows), start_s=planned_s[begin], first_row=first_rows[begin])


def joined(pieces: Iterable[Tables]) -> Tables:
    """Pieces put together again: contacts in order of row, changes of pools as they came."""
    outcomes, pools = zip(*pieces, strict=True)
    told, changes = (_one_after_the_other(tables) for tables in (outcomes, pools))
    return told.take(np.argsort(told.row)), changes


def _one_after_the_other(tables: tuple[Any, ...]) -> Any:
    columns = {name: np.concatenate([t.columns()[name] for t in tables]) for name in tables[0].columns()}
    return replace(tables[0], **columns)


@for_all(130)
@given(world=asked("30/h", "200/h", "200/h", "600/h", "600/h", "2400/h"))
def test_both_engines_give_the_same_tables(compiled: ModuleType, world: Asked) -> None:
    """Every column of every contact and of every change of a pool."""
    assert differences(compiled.play(*world), reference.play(*world)) == []


@for_all(130)
@given(world=asked("30/h", "200/h", "600/h", "600/h", "2400/h", odd=True))
def test_both_engines_give_the_same_tables_while_all_is_out_of_the_ordinary(compiled: ModuleType, world: Asked) -> None:
    """Whatever kinds of faults strike, one after the other or together."""
    assert differences(compiled.play(*world), reference.play(*world)) == []


@for_all(100)
@given(data=st.data())
def test_a_day_in_chunks_and_pieces_is_the_whole_day(
    compiled: ModuleType, odd: st.SearchStrategy[Asked], data: st.DataObject
) -> None:
    """However customers come in and outcomes go out; contacts go in order of ending, those who have not ended last."""
    world = data.draw(odd)
    cuts = data.draw(st.lists(st.integers(0, len(world.workload.first_rows)), max_size=8))
    room = data.draw(st.sampled_from([1, 10, 100]))
    pieces = list(compiled.play_chunks(world.scenario, in_chunks(world.workload, cuts), world.timeline, room))
    assert differences(joined(pieces), reference.play(*world)) == []
    ended_s = np.concatenate([outcomes.ended_s for outcomes, _ in pieces])
    in_time = ended_s <= world.timeline.stop_s + world.timeline.drain_s
    assert (np.diff(ended_s[in_time]) >= 0).all()
    assert (np.diff(in_time.astype(np.int8)) <= 0).all()


def test_a_day_sampled_in_chunks_is_the_day_sampled_at_once(compiled: ModuleType) -> None:
    """From the first random number to the last outcome."""
    scenario = load(
        {
            "name": "chunks",
            "day": {"length": "1h"},
            "demand": {"rate": "900/h"},
            "contacts": {"order": {"share": 1, "handle_time": {"exponential": {"mean": "1min"}}, "patience": "never"}},
            "recontact": {"after": {"agent_resolved": 0.4}, "delay": {"exponential": {"mean": "10min"}}},
            "agents": {"desk": {"skills": ["order"], "on_duty": 24}},
        }
    )
    span = day(scenario)
    scheduled = timeline(scenario, span)
    with patch.object(arrivals, "BLOCK", 50):
        pieces = list(compiled.play_chunks(scenario, sample_chunks(scenario, 1, span), scheduled, 100))
    assert len(pieces) > 5
    assert differences(joined(pieces), reference.play(scenario, sample(scenario, 1, span), scheduled)) == []


MANY: dict[str, Any] = {
    "name": "many",
    "day": {"length": "1h"},
    "demand": {"rate": "600/h"},
    "contacts": {"order": {"share": 1, "handle_time": {"constant": "1min"}, "patience": "never"}},
    "agents": {"desk": {"skills": ["order"], "on_duty": 10}},
}
EVERY_SECOND = {format_clock(second): second % 12 for second in range(3600)}
CROWD = {"workers": 1, "at_most": 4000, "step": 4000, "slots": 1, "start_up": "20min", "scale_in_after": "1min"}


@pytest.mark.parametrize(
    "parts",
    [
        {"agents": {"desk": {"skills": ["order"], "on_duty": EVERY_SECOND}}},
        {"triage": {"reply_time": {"constant": "10s"}, "pool": CROWD}},
        {"demand": {"rate": "6000/h"}},
    ],
    ids=["steps", "workers", "waiting"],
)
def test_thousands_of_anything_find_room(compiled: ModuleType, parts: dict[str, Any]) -> None:
    """Steps of the shifts, workers that start on one tick, contacts that wait."""
    scenario = load(MANY | parts)
    workload, scheduled = sample(scenario, 1, day(scenario)), timeline(scenario, day(scenario))
    told = compiled.play(scenario, workload, scheduled)
    assert differences(told, reference.play(scenario, workload, scheduled)) == []

"""The tables that every room shares: frozen columns of one length, each with its type and meaning."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest

from crestline.scenario.contacts import OUTCOMES
from crestline.tables import (
    OUTCOME_COLUMNS,
    POOL_COLUMNS,
    WORKLOAD_COLUMNS,
    Outcome,
    Outcomes,
    Pools,
    Workload,
)

KINDS = ((Workload, WORKLOAD_COLUMNS), (Outcomes, OUTCOME_COLUMNS), (Pools, POOL_COLUMNS))


def workload(**columns: Any) -> Workload:
    """Three customers, of whom the second may come back once; columns replace others."""
    plain: dict[str, Any] = {name: np.zeros(4) for name in WORKLOAD_COLUMNS}
    plain |= {"customer": [0, 1, 1, 2], "attempt": [0, 0, 1, 0], "gap_s": [0.1, 0.2, 60.0, 0.3]}
    return Workload(**(plain | columns), start_s=3600.0)


@pytest.mark.parametrize(("table", "columns"), KINDS)
def test_every_column_is_described(table: type[Any], columns: dict[str, Any]) -> None:
    """The columns of a table are those that have a type, a unit and a meaning, in that order."""
    described = [field.name for field in fields(table) if field.name in columns]
    assert described == list(columns)
    assert all(column.meaning for column in columns.values())
    assert all((column.unit == "s") == name.endswith("_s") for name, column in columns.items())


def test_columns_take_their_type_and_cannot_be_changed() -> None:
    table = workload(vip=[1, 0, 0, 1])
    assert table.vip.tolist() == [True, False, False, True]
    assert all(column.dtype == WORKLOAD_COLUMNS[name].dtype for name, column in table.columns().items())
    with pytest.raises(ValueError, match="read-only"):
        table.gap_s[0] = 1
    with pytest.raises(FrozenInstanceError):
        table.start_s = 0  # type: ignore[misc]


def test_columns_have_one_length() -> None:
    with pytest.raises(ValueError, match=r"Workload: columns differ in length \(got \[\(2,\), \(4,\)\]\)"):
        workload(again_u=[0.1, 0.2])


def test_a_table_is_as_long_as_its_columns() -> None:
    assert len(workload()) == 4
    assert len(workload().take(np.array([], dtype=np.int64))) == 0


def test_take_selects_rows_and_keeps_the_rest() -> None:
    """By a mask, or by indices in any order."""
    table = workload()
    assert table.take(table.attempt == 0).customer.tolist() == [0, 1, 2]
    assert table.take(np.array([3, 0])).customer.tolist() == [2, 0]
    assert table.take(table.attempt == 0).start_s == 3600


def test_first_contacts_are_due_when_their_gaps_have_added_up() -> None:
    """One by one from the start, as an engine adds them: not a bit different."""
    table, due = workload(), 3600.0
    assert table.first_rows.tolist() == [0, 1, 3]
    for gap_s, planned_s in zip([0.1, 0.2, 0.3], table.first_planned_s.tolist(), strict=True):
        due += gap_s
        assert planned_s == due


def test_blank_outcomes_are_contacts_to_whom_nothing_has_happened() -> None:
    """Who they are is known; instants are NaN, groups and ratings none, and the outcome is open."""
    columns: dict[str, Any] = Outcomes.blank(np.array([1, 2]), workload(contact=[0, 1, 1, 0]))
    blank = Outcomes(**columns)
    assert (blank.row.tolist(), blank.customer.tolist(), blank.attempt.tolist()) == ([1, 2], [1, 1], [0, 1])
    assert blank.contact.tolist() == [1, 1]
    assert set(blank.outcome.tolist()) == {Outcome.OPEN}
    assert (set(blank.group.tolist()), set(blank.rating.tolist()), set(blank.transfers.tolist())) == ({-1}, {-1}, {0})
    instants = [column for name, column in blank.columns().items() if name.endswith("_s")]
    assert len(instants) == 8
    assert all(math.isnan(instant) for column in instants for instant in column.tolist())


def test_pools_are_read_by_name() -> None:
    """A pool that never changed has no rows, and neither has one that does not exist."""
    pools = Pools(
        time_s=np.array([0.0, 0.0, 5.0]),
        pool=np.array([0, 2, 0]),
        ready=np.array([1, 4, 1]),
        busy=np.array([0, 0, 1]),
        waiting=np.array([0, 0, 0]),
        names=("desk", "standby", "triage"),
    )
    assert pools.of("desk").time_s.tolist() == [0, 5]
    assert pools.of("triage").ready.tolist() == [4]
    assert len(pools.of("standby")) == len(pools.of("nobody")) == 0


def test_outcomes_are_spelled_as_in_scenarios() -> None:
    """Whatever a scenario names in ``recontact.after`` is the word of an outcome."""
    assert Outcome.BOT_RESOLVED.word == "bot_resolved"
    assert {outcome.word for outcome in Outcome} == {*OUTCOMES, "open", "dropped"}

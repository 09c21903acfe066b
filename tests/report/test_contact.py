from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from crestline.errors import UsageError
from crestline.report.contact import contact
from crestline.report.record import read
from crestline.runs import RunFolder
from crestline.tables import Outcome, Outcomes


def test_a_contact_is_shown_step_by_step_in_both_worlds(made_drill: RunFolder) -> None:
    record = read(made_drill)
    assert record.measured is not None
    rows = record.measured.outcomes
    row = int(rows.row[np.flatnonzero((rows.outcome == Outcome.AGENT_RESOLVED) & ~np.isnan(rows.bot_reply_s))[0]])
    lines = contact(record, row).splitlines()
    assert lines[0].startswith(f"CONTACT {row}  customer ")
    steps = {line[:13].strip(): line.split()[-2:] for line in lines[3:] if line}
    assert list(steps) == [
        "planned", "sent", "bot's reply", "in a queue", "claimed", "served", "ended", "outcome", "group", "rating",
    ]  # fmt: skip
    assert steps["planned"][-1] == "none"
    assert steps["claimed"] == ["+0.3", "s"]


def test_a_contact_of_a_forecast_has_one_world(drill: RunFolder) -> None:
    (drill.path / "outcomes.npz").unlink()
    text = contact(read(drill), 0)
    assert "in one world only" in text
    assert "+0.3 s" not in text


def test_a_recontact_that_did_not_happen_shows_the_contact_before_it(made_drill: RunFolder) -> None:
    record = read(made_drill)
    assert record.main is not None
    rows = set(record.main.outcomes.row.tolist())
    asked = next(row for row in range(max(rows)) if row not in rows and row - 1 in rows)
    note, _, head, *_ = contact(record, asked).splitlines()
    assert note == f"contact {asked} never fell due: the customer did not come back; this is the one before"
    assert head.startswith(f"CONTACT {asked - 1} ")


def test_a_row_beyond_the_workload_is_refused(made_drill: RunFolder) -> None:
    with pytest.raises(UsageError, match=r"got 999999, expected a row of the workload from 0 to \d+"):
        contact(read(made_drill), 999_999)


def test_without_records_there_is_no_contact_to_show(drill: RunFolder) -> None:
    for name in ("outcomes.npz", "same_rows.npz"):
        (drill.path / name).unlink()
    with pytest.raises(UsageError, match="no contacts were recorded here"):
        contact(read(drill), 0)


# What its requests carried leads to a slow contact in whatever gathers traces; a simulated one has sent none.
def test_a_contact_is_found_by_its_trace(drill: RunFolder) -> None:
    rows = drill.read_table("outcomes", Outcomes)
    row = int(rows.row[7])
    traces = np.array([f"00-{n:032x}-{n:016x}-01" for n in rows.row], dtype=np.bytes_)
    drill.write_table("outcomes", replace(rows, traceparent=traces))
    assert contact(read(drill), row).splitlines()[1] == f"traceparent 00-{row:032x}-{row:016x}-01"
    (drill.path / "outcomes.npz").unlink()
    assert "traceparent" not in contact(read(drill), row)

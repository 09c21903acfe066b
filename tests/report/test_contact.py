from __future__ import annotations

import numpy as np
import pytest

from crestline.errors import UsageError
from crestline.report.contact import contact
from crestline.report.record import read
from crestline.runs import RunFolder
from crestline.tables import Outcome


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


def test_a_row_that_was_not_due_names_one_that_was(made_drill: RunFolder) -> None:
    with pytest.raises(UsageError, match=r"got 999999, expected a row from 0 to \d+ that was due, such as \d+"):
        contact(read(made_drill), 999_999)


def test_without_records_there_is_no_contact_to_show(drill: RunFolder) -> None:
    for name in ("outcomes.npz", "same_rows.npz"):
        (drill.path / name).unlink()
    with pytest.raises(UsageError, match="no contacts were recorded here"):
        contact(read(drill), 0)

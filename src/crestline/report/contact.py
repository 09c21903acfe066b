"""One contact, step by step, in both worlds: what was planned, what happened, and how far the two are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from crestline.errors import UsageError
from crestline.report import words
from crestline.report.record import Record
from crestline.tables import Outcome, Outcomes

STEPS = {
    "planned_s": "planned",
    "sent_s": "sent",
    "bot_reply_s": "bot's reply",
    "queued_s": "in a queue",
    "claimed_s": "claimed",
    "passed_s": "passed on",
    "served_s": "served",
    "ended_s": "ended",
}
_WIDTHS = (13, 12, 13, 12)


def contact(record: Record, row: int) -> str:
    """One contact by its row, as text; the instants of both worlds side by side.

    A row that never fell due is a recontact that did not happen: the customer's contact before it is shown.
    """
    asked, row = row, _due(record, row)
    measured = _find(record.measured.outcomes if record.measured else None, row)
    same = _find(record.same_rows.outcomes if record.same_rows else None, row)
    known = measured if measured is not None else same
    if known is None:
        raise UsageError(_not_there(record, row))
    note = [f"contact {asked} never fell due: the customer did not come back; this is the one before", ""]
    return "\n".join([*(note if row != asked else ()), *_lines(record, row, known, measured, same)])


def _due(record: Record, row: int) -> int:
    """The row, or the last one before it that fell due."""
    rows = record.main.outcomes.row if record.main else np.empty(0, np.int64)
    before = rows[rows <= row]
    return int(before.max()) if len(before) and row <= rows.max() else row


def _find(outcomes: Outcomes | None, row: int) -> Outcomes | None:
    if outcomes is None:
        return None
    found = outcomes.take(outcomes.row == row)
    return found if len(found) else None


def _not_there(record: Record, row: int) -> str:
    if record.main is None or not len(record.main.outcomes):
        return f"{record.folder.path}: no contacts were recorded here"
    rows = record.main.outcomes.row
    return f"contact: got {row}, expected a row of the workload from {rows.min()} to {rows.max()}"


def _lines(
    record: Record, row: int, known: Outcomes, measured: Outcomes | None, same: Outcomes | None
) -> Iterator[str]:
    kind = known.contacts[int(known.contact[0])] if known.contacts else str(known.contact[0])
    vip = ", VIP" if known.vip[0] else ""
    yield f"CONTACT {row}  customer {known.customer[0]}, attempt {known.attempt[0] + 1}, {kind}{vip}"
    if measured is not None and measured.traceparent is not None:
        yield f"traceparent {measured.traceparent[0].decode()}"
    yield ""
    yield _line("", "measured", "simulated", "difference")
    for name, word in STEPS.items():
        live, model = _instant(measured, name), _instant(same, name)
        if math.isnan(live) and math.isnan(model):
            continue
        yield _line(word, _clock(record, live), _clock(record, model), _difference(live, model))
    yield ""
    for word, of in (("outcome", _outcome), ("group", _group), ("rating", _rating)):
        live_word, model_word = of(measured), of(same)
        apart = "" if words.NOTHING in (live_word, model_word) or live_word == model_word else "differs"
        yield _line(word, live_word, model_word, apart)


def _line(*cells: str) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()


def _instant(world: Outcomes | None, name: str) -> float:
    return math.nan if world is None else float(getattr(world, name)[0])


def _clock(record: Record, instant_s: float) -> str:
    """A clock time to a tenth of a second."""
    if math.isnan(instant_s):
        return words.NOTHING
    tenths = round((record.day_start + instant_s) * 10)
    minutes, rest = divmod(tenths, 600)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest / 10:04.1f}"


def _difference(live: float, model: float) -> str:
    if math.isnan(live) or math.isnan(model):
        return "in one world only"
    apart = live - model
    if abs(apart) < 0.05:
        return "none"
    return f"{'+' if apart > 0 else '-'}{words.quantity(abs(apart), 's')}"


def _outcome(world: Outcomes | None) -> str:
    return words.NOTHING if world is None else Outcome(int(world.outcome[0])).word


def _group(world: Outcomes | None) -> str:
    if world is None or world.group[0] < 0:
        return words.NOTHING
    return world.groups[int(world.group[0])] if world.groups else str(world.group[0])


def _rating(world: Outcomes | None) -> str:
    if world is None or world.rating[0] < 0:
        return words.NOTHING
    return "satisfied" if world.rating[0] == 1 else "not satisfied"

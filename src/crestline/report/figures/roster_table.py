"""A staffing plan as tables: the roster interval by interval, and its shifts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crestline.report import words
from crestline.report.figures.picture import Twin
from crestline.units import format_share

Run = Mapping[str, Any]


def roster_table(run: Run) -> Twin | None:
    """Every interval: what comes, agents needed and on duty by group, and the objective closest to its limit."""
    made = run.get("plan") or {}
    if not made.get("cells"):
        return None
    groups = list(dict.fromkeys(cell["group"] for cell in made["cells"]))
    shifts = any("on_duty" in cell for cell in made["cells"])
    by_place = {(cell["start_s"], cell["group"]): cell for cell in made["cells"]}
    head = ["from", "contacts"]
    for group in groups:
        head += [f"{group} need", "agents", *(["shifts"] if shifts else [])]
    rows = []
    for interval in made["intervals"]:
        row = [interval["start"], words.count(interval["contacts"])]
        for group in groups:
            cell = by_place[interval["start_s"], group]
            need = f"over {cell['agents']}" if cell["need"] is None else f"{cell['need']:.1f}"
            row += [need, f"{cell['agents']}{_marks(cell)}"]
            row += [str(cell["on_duty"])] if shifts else []
        rows.append((*row, *_tightest(interval["tightest"])))
    return Twin((*head, "closest to its limit", "value", "bound", "limit", "fresh"), tuple(rows))


def _marks(cell: Mapping[str, Any]) -> str:
    """``+`` where agents were added after the search, ``=`` where the maximum is reached."""
    added = "+" if cell.get("added") or cell.get("for_recovery") else ""
    return f"{added}{'=' if cell.get('maximum') == cell['agents'] else ''}"


def _tightest(found: Mapping[str, Any] | None) -> tuple[str, ...]:
    if found is None:
        return ("too few to judge", *[words.NOTHING] * 4)
    shares = [format_share(found[name]) for name in ("share", "bound", "fresh")]
    missed = "" if found["held"] else " MISSED"
    return f"{found['name']}{missed}", shares[0], shares[1], f"{found['op']} {format_share(found['asked'])}", shares[2]


def shift_table(run: Run) -> Twin | None:
    """How many persons of each group work which shift."""
    shifts = (run.get("plan") or {}).get("shifts")
    if not shifts:
        return None
    currency = run.get("currency") or ""
    rows = [
        (
            each["group"],
            each["shift"],
            f"{each['start']} to {each['end']}",
            str(each["persons"]),
            f"{each['paid_hours']:,.1f}".removesuffix(".0"),
            words.quantity(each["cost"], "currency", currency),
        )
        for each in shifts["worked"]
    ]
    return Twin(("group", "shift", "from, to", "persons", "paid hours", "cost"), tuple(rows))

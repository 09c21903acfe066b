"""Recovery from one fault: when what happened, and how many customers waited meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crestline.measures.curves import backlog
from crestline.report import words
from crestline.report.figures import style
from crestline.report.figures.picture import Picture, Twin
from crestline.report.milestones import Milestone, milestones
from crestline.report.record import Record
from crestline.tables import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BEFORE_S, _LEAST_AFTER_S = 300.0, 600.0


class _Waiting(NamedTuple):
    """Contacts waiting for an agent, on instants counted from the fault's effect."""

    at_s: Floats
    main: Floats
    same_rows: Floats | None
    band: tuple[Floats, Floats, Floats] | None  # instants, p5, p95


def recovery(record: Record, fault: Mapping[str, Any], number: int) -> Picture | None:
    """The picture of one fault; None where the fault never took effect or nothing was recorded."""
    if fault.get("effective_s") is None or record.main is None:
        return None
    steps = milestones(record, fault)
    waiting = _waiting(record, fault, steps)

    def draw(figure: Figure, narrow: bool) -> None:
        ratio = (0.42 * len(steps) + 0.5, 2.4)
        top, below = figure.subplots(2, 1, sharex=True, height_ratios=ratio)
        _draw_steps(top, steps, fault)
        main = "measured" if record.measured else "one simulated day"
        _draw_waiting(below, waiting, fault, main, narrow=narrow)
        width = (waiting.at_s[-1] - waiting.at_s[0]) / 60
        below.set_xlim(waiting.at_s[0] / 60, waiting.at_s[-1] / 60)
        style.minutes_axis(below, width, narrow=narrow)
        failed = words.FAILED.get(fault["kind"], "the fault struck")
        below.set_xlabel(f"minutes after {failed} at {record.clock(fault['effective_s'])}")

    height = 3.1 + 0.34 * len(steps)
    return Picture(
        name=f"recovery-{number}",
        title=_title(fault, forecast=record.measured is None),
        about="Above: each event, in minutes after the fault took effect; the shaded band is the time allowed. Below: "
        "customers waiting for an agent, measured and simulated; the blue band holds nine of ten simulated days.",
        twin=_twin(record, fault, steps, waiting),
        draw=draw,
        height=height,
        narrow_height=height,
    )


def _title(fault: Mapping[str, Any], *, forecast: bool) -> str:
    failed = words.FAILED.get(fault["kind"], "the fault struck")
    took = fault.get("operational_recovery_s")
    if took is None:
        return f"Whether queues recovered after {failed} could not be judged"
    if fault.get("detected_s") is None:
        return f"Customers did not notice when {failed}"
    text = f"{words.quantity(took, 's')} after {failed}"
    allowed = f" ({words.quantity(fault['rto_s'], 's')} allowed)" if fault.get("rto_s") else ""
    if forecast:
        return f"On a simulated day queues are back {text}{allowed}"
    return f"Queues were {'not ' if fault.get('over') else ''}back {text}{allowed}"


def _waiting(record: Record, fault: Mapping[str, Any], steps: list[Milestone]) -> _Waiting:
    assert record.main is not None  # noqa: S101 - asked before
    effective = fault["effective_s"]
    last = max([_LEAST_AFTER_S, fault.get("rto_s") or 0.0, *(s.after_s for s in steps)]) * 1.2
    span = record.run.get("span") or {}
    first = max(effective - _BEFORE_S, span.get("start_s", effective - _BEFORE_S))
    last = min(effective + last, max(span.get("stop_s", effective + last), effective + _LEAST_AFTER_S))
    at = np.arange(first, last + 1e-9, 15.0)
    same = record.same_rows.outcomes if record.same_rows and record.measured else None
    return _Waiting(
        at - effective,
        backlog(record.main.outcomes, at),
        None if same is None else backlog(same, at),
        _band(record, first, last, effective),
    )


def _band(record: Record, first: float, last: float, effective: float) -> tuple[Floats, Floats, Floats] | None:
    if record.days is None:
        return None
    inside = (record.days.bucket_s >= first) & (record.days.bucket_s <= last)
    if not inside.any():
        return None
    low, high = np.quantile(record.days.backlog[:, inside], [0.05, 0.95], axis=0)
    return record.days.bucket_s[inside] - effective, low, high


def _allowed(axes: Axes, fault: Mapping[str, Any]) -> None:
    if fault.get("rto_s"):
        axes.axvspan(0, fault["rto_s"] / 60, color=style.HELD, lw=0, zorder=0)
        axes.axvline(fault["rto_s"] / 60, color=style.LIMIT, ls=style.LIMIT_DASH, lw=1.2, zorder=1)
    axes.axvline(0, color=style.FAULT, lw=1.4, zorder=1)


def _draw_steps(axes: Axes, steps: list[Milestone], fault: Mapping[str, Any]) -> None:
    _allowed(axes, fault)
    for row, step in enumerate(steps):
        minutes = step.after_s / 60
        axes.plot([0, minutes], [row, row], color=style.MEASURED, lw=2.2, solid_capstyle="butt")
        axes.plot(minutes, row, "o", color=style.MEASURED, ms=6)
        axes.annotate(
            f"{words.quantity(step.after_s, 's')}", (minutes, row), (8, 0), textcoords="offset points", va="center",
            fontsize=8.8, color=style.INK, bbox={"fc": "white", "ec": "none", "alpha": 0.75, "pad": 1},
        )  # fmt: skip
    axes.set_yticks(range(len(steps)), [s.name for s in steps])
    axes.set_ylim(len(steps) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelbottom=False)
    axes.grid(visible=False, axis="y")
    if fault.get("rto_s"):
        allowed = words.quantity(fault["rto_s"], "s")
        axes.set_title(f"shaded: the {allowed} allowed", fontsize=8.8, color="#5c4a12", loc="left")


def _draw_waiting(axes: Axes, waiting: _Waiting, fault: Mapping[str, Any], main: str, *, narrow: bool) -> None:
    _allowed(axes, fault)
    minutes = waiting.at_s / 60
    if waiting.band is not None:
        at, low, high = waiting.band
        axes.fill_between(at / 60, low, high, color=style.BAND, lw=0, alpha=0.85, label=style.days_word(narrow=narrow))
    axes.plot(minutes, waiting.main, color=style.MEASURED, lw=2.2, label=main)
    if waiting.same_rows is not None:
        word = style.same_rows_word(narrow=narrow)
        axes.plot(minutes, waiting.same_rows, color=style.SAME_ROWS, ls=style.DASHED, lw=1.4, label=word)
    axes.set_ylim(0, max(axes.get_ylim()[1] * 1.12, 5.0))
    axes.set_ylabel("customers waiting\nfor an agent")
    peak = _peak(waiting)
    if waiting.main[peak] > 0:
        axes.annotate(f"{waiting.main[peak]:,.0f} waiting", (minutes[peak], waiting.main[peak]), (0, 5),
                      textcoords="offset points", ha="center", color=style.MEASURED, fontsize=8.8)  # fmt: skip
    style.legend(axes)


def _twin(record: Record, fault: Mapping[str, Any], steps: list[Milestone], waiting: _Waiting) -> Twin:
    effective = fault["effective_s"]
    rows = [("fault took effect", record.clock(effective), "0 s", _at(waiting, 0.0))]
    rows += [
        (s.name, record.clock(effective + s.after_s), words.quantity(s.after_s, "s"), _at(waiting, s.after_s))
        for s in steps
    ]
    peak = _peak(waiting)
    after = float(waiting.at_s[peak])
    rows.append(("most waiting", record.clock(effective + after), words.quantity(after, "s"), _at(waiting, after)))
    return Twin(("event", "clock", "after the fault", "customers waiting"), tuple(rows))


def _peak(waiting: _Waiting) -> int:
    """When most customers waited after the fault."""
    return int(np.argmax(np.where(waiting.at_s >= 0, waiting.main, -1.0)))


def _at(waiting: _Waiting, after_s: float) -> str:
    return words.count(float(np.interp(after_s, waiting.at_s, waiting.main).round()))

"""Demand against staff: what was offered, who was there, how busy they were, and how many customers gave up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from crestline.measures.capacity import steps_at
from crestline.measures.heatmap import step_for
from crestline.measures.intervals_of_day import interval_rows
from crestline.report import words
from crestline.report.figures import style
from crestline.report.figures.picture import Picture, Twin
from crestline.report.record import Record
from crestline.tables import Floats, Pools
from crestline.units import format_clock

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STEPS = 240
_FEW = 6  # intervals

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("offered", "contacts", "count"),
    ("queued", "to agents", "count"),
    ("offered_load_erlang", "load, erlang", "one"),
    ("slots", "slots on duty", "one"),
    ("agents", "persons on duty", "one"),
    ("occupancy", "occupancy", "share"),
    ("frt_p90_s", "frt p90", "s"),
    ("agent_frt_p90_s", "agent_frt p90", "s"),
    ("service_level", "within 20 s", "share"),
    ("abandonment", "abandonment", "share"),
    ("satisfaction", "satisfaction", "share"),
)
"""What a row of ``intervals`` may hold: key, heading, unit."""


def staffing(record: Record) -> Picture | None:
    """The picture; None where the run has no intervals."""
    table = [row for row in record.run.get("intervals") or () if row.get("start_s") is not None]
    rows = _finer(record, table) if len(table) < _FEW else table
    if not rows:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        load, busy, left = figure.subplots(3, 1, sharex=True, height_ratios=(2.4, 1, 1))
        _draw_load(load, record, rows)
        _draw_steps(busy, rows, "occupancy", "occupancy", style.MEASURED)
        _draw_steps(left, rows, "abandonment", "abandonment", style.FAULT)
        _draw_limits(busy, record, "occupancy")
        _draw_limits(left, record, "abandonment")
        left.set_xlim(rows[0]["start_s"], _end(rows))
        style.clock_axis(left, _end(rows) - rows[0]["start_s"], record.clock, offset_s=record.day_start, narrow=narrow)
        left.set_xlabel("time of day")

    return Picture(
        name="staffing",
        title=_title(rows),
        about="Above: the work that came for agents and the contacts they could hold at a time, standby hatched. "
        "Middle: the share of their time that agents were busy. Below: customers in a queue who gave up.",
        twin=interval_table(table or rows),
        draw=draw,
        height=5.6,
        narrow_height=5.4,
    )


def _finer(record: Record, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shorter intervals, where the scenario's are too few to show a course; the same ones where no table tells more."""
    if record.main is None or record.scenario is None or record.timeline is None or not len(record.main.pools):
        return rows
    step = min(step_for(record.timeline), record.scenario.interval)
    return interval_rows(record.main.outcomes, record.main.pools, record.scenario, record.timeline, step)


def interval_table(rows: Sequence[Mapping[str, Any]]) -> Twin:
    """The intervals as a table; columns that no interval has are left out."""
    shown = [c for c in COLUMNS if any(row.get(c[0]) is not None for row in rows)]
    cells = [(_start(row), *(_cell(row.get(key), unit) for key, _, unit in shown)) for row in rows]
    return Twin(("from", *(heading for _, heading, _ in shown)), tuple(cells))


def _cell(value: float | None, unit: str) -> str:
    if unit == "one" and value is not None:
        return f"{value:,.1f}".removesuffix(".0")
    return words.count(value) if unit == "count" else words.quantity(value, unit)


def _start(row: Mapping[str, Any]) -> str:
    start = row.get("start")
    return start if isinstance(start, str) else format_clock(float(start or 0.0))


def _end(rows: Sequence[Mapping[str, Any]]) -> float:
    if rows[-1].get("length_s"):
        return float(rows[-1]["start_s"] + rows[-1]["length_s"])
    return float(2 * rows[-1]["start_s"] - rows[-2]["start_s"]) if len(rows) > 1 else float(rows[0]["start_s"]) + 1800


def _title(rows: Sequence[Mapping[str, Any]]) -> str:
    known = [row for row in rows if row.get("offered_load_erlang") is not None and row.get("slots")]
    if not known:
        return "Demand and staff by interval"
    tight = max(known, key=lambda row: row["offered_load_erlang"] / row["slots"])
    load, slots = tight["offered_load_erlang"], tight["slots"]
    share = f"{load / slots:.0%}".replace("%", " %")
    if load > slots:
        return (
            f"From {_start(tight)} agents were offered {load:,.0f} erlang and had {slots:,.0f} slots on duty ({share})"
        )
    return f"Load came closest to staff at {_start(tight)}: {load:,.0f} erlang for {slots:,.0f} slots on duty ({share})"


def _draw_load(axes: Axes, record: Record, rows: Sequence[Mapping[str, Any]]) -> None:
    ends: list[tuple[float, str, str]] = []
    edges = [row["start_s"] for row in rows] + [_end(rows)]
    at, slots, standby = _slots(record, edges)
    if slots is not None:
        own = slots - standby
        axes.fill_between(at, 0, own, step="post", color=style.BAND, alpha=0.55, lw=0)
        axes.plot(at, slots, drawstyle="steps-post", color=style.BAND_TEXT, lw=1.4)
        ends.append((float(own[-1]), "slots on duty", style.BAND_TEXT))
        if standby.any():
            axes.fill_between(
                at, own, slots, step="post", facecolor="#ffffff", edgecolor=style.SAME_ROWS, hatch="////", lw=0
            )
            first = int(np.flatnonzero(standby)[0])
            axes.annotate("standby", (at[first], slots[first]), (2, 4), textcoords="offset points",
                          color=style.SAME_ROWS, fontsize=8.8)  # fmt: skip
    if any(row.get("offered_load_erlang") is not None for row in rows):
        load = _column(rows, "offered_load_erlang")
        axes.stairs(load, edges, color=style.MEASURED, lw=2.2, baseline=None)
        ends.append((float(np.nan_to_num(load[-1])), "offered load", style.MEASURED))
    axes.set_ylim(bottom=0, top=axes.get_ylim()[1] * 1.1)
    axes.set_ylabel("erlang, slots")
    style.label_ends(axes, ends)


def _slots(record: Record, edges: Sequence[float]) -> tuple[Floats, Floats | None, Floats]:
    """Slots of all groups and those of standby, on steps of the window."""
    pools: Pools | None = record.main.pools if record.main else None
    if pools is None or not len(pools) or record.scenario is None:
        return np.zeros(0), None, np.zeros(0)
    at = np.linspace(edges[0], edges[-1], _STEPS + 1)
    total = sum((_ready(pools, group, at) for group in record.scenario.agents), np.zeros(len(at)))
    return at, total, _ready(pools, "standby", at)


def _ready(pools: Pools, name: str, at: Floats) -> Floats:
    pool = pools.of(name)
    return steps_at(pool.time_s, pool.ready, at).astype(np.float64)


def _draw_steps(axes: Axes, rows: Sequence[Mapping[str, Any]], key: str, word: str, colour: str) -> None:
    values = _column(rows, key)
    edges = [row["start_s"] for row in rows] + [_end(rows)]
    top = float(np.nanmax(values)) if np.isfinite(values).any() else 0.0
    axes.stairs(values, edges, color=colour, lw=2.0, baseline=None)
    axes.stairs(np.nan_to_num(values), edges, color=colour, alpha=0.15, fill=True)
    style.percent_axis(axes, top=max(top * 1.3, 0.05))
    axes.set_ylabel(word)


def _draw_limits(axes: Axes, record: Record, key: str) -> None:
    for objective in record.run.get("objectives") or ():
        if objective["measure"] == key:
            axes.axhline(objective["limit"], color=style.LIMIT, ls=style.LIMIT_DASH, lw=1.2)
            axes.set_ylim(top=max(axes.get_ylim()[1], objective["limit"] * 1.25))
            text = f"limit {words.quantity(objective['limit'], 'share')}"
            style.label_ends(axes, [(objective["limit"], text, style.LIMIT)])


def _column(rows: Sequence[Mapping[str, Any]], key: str) -> Floats:
    return np.array([np.nan if row.get(key) is None else row[key] for row in rows], np.float64)

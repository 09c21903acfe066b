"""The heat map of the journey, three ways: how long customers dwell at each stage, how many come, how many drop off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from crestline.measures.alerts import Alert
from crestline.measures.heatmap import STAGES, Cell
from crestline.report import words
from crestline.report.figures import style
from crestline.report.figures.picture import Picture, Twin
from crestline.report.record import Record
from crestline.tables import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_UNUSUAL = 2.0  # times the median
_SHORT_S = 15.0  # nobody minds a dwell below this, however many times the usual it is
_NAMES = {"triage": "bot", "queue": "queue", "agent": "agent"}


class View(NamedTuple):
    """One way to look at the cells."""

    name: str
    word: str
    scale: str  # what the colour says
    of: Callable[[Cell], float | None]
    unit: str


def _dwell(cell: Cell) -> float | None:
    return cell.dwell_p90_s


def _volume(cell: Cell) -> float | None:
    return float(cell.volume)


def _drop_off(cell: Cell) -> float | None:
    return cell.drop_off


VIEWS = (
    View("dwell", "dwell time", "time in which nine of ten had left the stage, against its median", _dwell, "s"),
    View("volume", "volume", "contacts, against the stage's busiest step", _volume, "count"),
    View("drop-off", "drop-off", "share of contacts that left without help", _drop_off, "share"),
)


def stages(record: Record, cells: Sequence[Cell], alerts: Sequence[Alert]) -> list[Picture]:
    """A picture for each view; none where no contact was recorded."""
    shown = [stage for stage in STAGES if any(c.volume for c in cells if c.stage == stage)]
    return [_picture(record, view, shown, cells, alerts) for view in VIEWS] if shown else []


def _picture(record: Record, view: View, shown: list[str], cells: Sequence[Cell], alerts: Sequence[Alert]) -> Picture:
    grid = {stage: [c for c in cells if c.stage == stage] for stage in shown}

    def draw(figure: Figure, narrow: bool) -> None:
        _draw(figure, record, view, grid, alerts, narrow=narrow)

    return Picture(
        name=f"stages-{view.name}",
        title=_title(record, view, grid),
        about=f"Stage by time. Colour: {view.scale}. "
        "A number above a column is the level of an alert raised then (1 slow answers, 2 satisfaction, 3 complaints).",
        twin=_twin(record, view, grid),
        draw=draw,
        height=0.62 * len(shown) + 1.15,
        narrow_height=0.55 * len(shown) + 1.35,
    )


def _values(view: View, cells: Sequence[Cell]) -> Floats:
    found = [view.of(cell) for cell in cells]
    return np.array([np.nan if value is None else value for value in found])


def _title(record: Record, view: View, grid: dict[str, list[Cell]]) -> str:
    stage, cell = max(
        ((stage, cell) for stage, cells in grid.items() for cell in cells),
        key=lambda pair: _weight(view, grid[pair[0]], pair[1]),
    )
    place, text = f"{_NAMES[stage]} from {record.clock(cell.start_s)}", words.quantity(view.of(cell), view.unit)
    if view.name == "dwell" and _weight(view, grid[stage], cell) < _UNUSUAL:
        return "No stage held customers unusually long"
    if view.name == "dwell":
        return f"Customers dwelt unusually long at the {place}: p90 {text}"
    if view.name == "volume":
        return f"Most contacts came to the {place}: {text}"
    if not view.of(cell):
        return "Nobody dropped off at any stage"
    return f"Most customers dropped off at the {place}: {text}"


def _weight(view: View, row: list[Cell], cell: Cell) -> float:
    value = view.of(cell)
    if value is None:
        return -1.0
    if view.name != "dwell":
        return value
    return value / max(float(np.nanmedian(_values(view, row))), _SHORT_S)


def _shade(view: View, values: Floats) -> Floats:
    """The darkness of each cell, 0 to 1."""
    if not np.isfinite(values).any():
        return values
    if view.name == "dwell":
        usual = max(float(np.nanmedian(values)), _SHORT_S)
        return np.clip(np.log2(np.maximum(values, usual) / usual) / 3, 0, 1)
    if view.name == "volume":
        return values / max(float(np.nanmax(values)), 1.0)
    return np.clip(values / 0.3, 0, 1)


def _draw(
    figure: Figure, record: Record, view: View, grid: dict[str, list[Cell]], alerts: Sequence[Alert], *, narrow: bool
) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    axes = figure.subplots()
    colours = LinearSegmentedColormap.from_list("crestline", ["#f5f8fb", "#9fc0dc", "#2f6ea5", "#08294a"])
    first = next(iter(grid.values()))
    edges = [c.start_s for c in first] + [first[-1].end_s]
    values = np.array([_values(view, cells) for cells in grid.values()])
    shades = np.array([_shade(view, row) for row in values])
    axes.pcolormesh(edges, np.arange(len(grid) + 1) - 0.5, np.ma.masked_invalid(shades), cmap=colours, vmin=0, vmax=1,
                    edgecolors="white", linewidth=1.0)  # fmt: skip
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(len(grid) - 0.5, -0.5)
    axes.set_yticks(range(len(grid)), [_NAMES[stage] for stage in grid])
    axes.set_ylabel("stage")
    axes.set_xlabel("time of day")
    axes.grid(visible=False)
    axes.tick_params(axis="y", length=0)
    style.clock_axis(axes, edges[-1] - edges[0], record.clock, offset_s=record.day_start, narrow=narrow)
    if len(first) <= (8 if narrow else 26):
        _number(axes, view, edges, values, shades, small=len(first) > (5 if narrow else 14))
    _mark(axes, alerts, edges)


def _number(axes: Axes, view: View, edges: list[float], values: Floats, shades: Floats, *, small: bool) -> None:
    for row, column in np.argwhere(np.isfinite(values)):
        axes.text(
            (edges[column] + edges[column + 1]) / 2, row, words.short(float(values[row, column]), view.unit),
            ha="center", va="center", fontsize=7.2 if small else 8.8,
            color="white" if shades[row, column] > 0.45 else style.INK,
        )  # fmt: skip


def _mark(axes: Axes, alerts: Sequence[Alert], edges: list[float]) -> None:
    """The levels of the alerts above the columns in which they were raised."""
    for start, end in pairwise(edges):
        levels = sorted({alert.level for alert in alerts if alert.start_s < end and alert.end_s > start})
        if levels:
            axes.text(
                (start + end) / 2, -0.56, " ".join(map(str, levels)), ha="center", va="bottom", fontsize=8,
                fontweight="bold", color=style.FAULT,
            )  # fmt: skip


def _twin(record: Record, view: View, grid: dict[str, list[Cell]]) -> Twin:
    first = next(iter(grid.values()))
    rows = []
    for index, cell in enumerate(first):
        cells = [words.quantity(view.of(row[index]), view.unit) for row in grid.values()]
        rows.append((record.clock(cell.start_s), *cells))
    return Twin(("from", *(_NAMES[stage] for stage in grid)), tuple(rows))

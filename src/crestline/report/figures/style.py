"""How every picture looks, and how it becomes a file whose bytes depend on nothing but what it shows.

Colours are told apart by the colour-blind and in grey print: they differ in lightness, and lines in their dashes too.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from crestline.report.figures.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MEASURED, SAME_ROWS, BAND, BAND_TEXT = "#0b3d6b", "#c65d00", "#a9c4dc", "#44688a"
LIMIT, FAULT, HELD, PALE, INK = "#222222", "#8e1b4f", "#f3ead2", "#8a8a8a", "#1c1c1c"
DASHED, LIMIT_DASH = (0, (4, 1.6)), (0, (6, 2, 1.2, 2))
WIDE, NARROW = 9.0, 4.3  # inches
FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Arial Unicode MS",
)  # fmt: skip
"""The first comes with matplotlib; the others stand in for what it lacks, where one of them is installed."""

_MINUTES = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480)


def svg(picture: Picture, *, narrow: bool = False) -> str:
    """The picture as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    wide_height = picture.height
    height = (picture.narrow_height or wide_height) if narrow else wide_height
    with mpl.rc_context(cast("Any", _settings())):
        figure = Figure(figsize=(NARROW if narrow else WIDE, height), layout="constrained")
        picture.draw(figure, narrow)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": picture.title})
    return out.getvalue()


def _settings() -> dict[str, Any]:
    return {
        "svg.hashsalt": "crestline",
        "svg.fonttype": "path",
        "font.family": _installed_fonts(),
        "font.size": 9.5,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.labelsize": 9.5,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#666666",
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": "#e3e3e3",
        "grid.linewidth": 0.7,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": "#444444",
        "ytick.color": "#444444",
        "lines.linewidth": 1.8,
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
    }


def _installed_fonts() -> list[str]:
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return [name for name in FONTS if name in installed] or ["DejaVu Sans"]


def step_of(width: float, choices: Sequence[float], ticks: int) -> float:
    """The smallest of the choices that divides a width into at most so many steps."""
    return next((step for step in choices if width / step <= ticks), choices[-1])


def minutes_axis(axes: Axes, width_min: float, *, narrow: bool) -> None:
    """Ticks at round minutes."""
    from matplotlib.ticker import MultipleLocator

    axes.xaxis.set_major_locator(MultipleLocator(step_of(width_min, _MINUTES, 6 if narrow else 12)))


def clock_axis(axes: Axes, width_s: float, clock: Callable[[float], str], *, offset_s: float, narrow: bool) -> None:
    """Ticks at round clock times; ``offset_s`` is the clock at instant 0."""
    from matplotlib.ticker import FixedLocator, FuncFormatter

    step = 60 * step_of(width_s / 60, _MINUTES, 5 if narrow else 10)
    low, high = axes.get_xlim()
    first = math.ceil((low + offset_s) / step) * step - offset_s
    ticks = [first + k * step for k in range(int((high - first) // step) + 1)]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda instant, _: clock(instant)))


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], *, gap: float = 0.085) -> None:
    """Name lines at the right edge of the axes, (y, text, colour) each, moved apart where they would touch."""
    low, high = axes.get_ylim()
    places = sorted((((y - low) / (high - low)), text, colour) for y, text, colour in ends)
    floor = -math.inf
    moved: list[tuple[float, float, str, str]] = []
    for place, text, colour in places:
        at = max(place, floor)
        floor = at + gap
        moved.append((place, at, text, colour))
    excess = max(0.0, floor - gap - 1.0)
    for place, at, text, colour in moved:
        axes.annotate(
            text,
            xy=(1.0, place),
            xytext=(1.02, at - excess),
            xycoords="axes fraction",
            textcoords="axes fraction",
            color=colour,
            va="center",
            fontsize=8.8,
            annotation_clip=False,
        )


def percent_axis(axes: Axes, *, top: float | None = None) -> None:
    """Shares as percent, from 0."""
    from matplotlib.ticker import PercentFormatter

    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.set_ylim(0, top)


def legend(axes: Axes, columns: int = 3) -> None:
    """Name what is drawn in one row directly above the axes, where nothing can lie below it."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=columns, frameon=False, fontsize=8.8,
                borderaxespad=0.1, columnspacing=1.3, handlelength=2.0, handletextpad=0.5)  # fmt: skip


def days_word(*, narrow: bool) -> str:
    """What the band is called."""
    return "9 of 10 days" if narrow else "9 of 10 simulated days"


def same_rows_word(*, narrow: bool) -> str:
    """What the dashed line is called."""
    return "same rows" if narrow else "same rows, simulated"

"""First response times: the share of customers still waiting for a first reply, against time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crestline.measures.curves import SHARES, frt_curve
from crestline.measures.response import first_response_s
from crestline.report import words
from crestline.report.figures import style
from crestline.report.figures.picture import Picture, Twin
from crestline.report.record import Days, Record
from crestline.tables import Floats, Outcomes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHOWN = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995)
_MOST_PANELS = 8
_TICKS_S = (1, 3, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)


class _Group(NamedTuple):
    name: str
    outcomes: Outcomes
    curve: Floats  # seconds within which each of SHARES was answered


def response(record: Record) -> Picture | None:
    """All contacts: the measured curve over the band of the forecast; None where no contact was recorded."""
    everyone = _everyone(record)
    if everyone is None:
        return None
    same = record.same_rows if record.measured else None
    same_curve = None if same is None else frt_curve(record.in_scope(same.outcomes))
    main_word = "measured" if record.measured else "one simulated day"

    def draw(figure: Figure, narrow: bool) -> None:
        axes = figure.subplots()
        _scales(axes, [everyone.curve] + ([same_curve] if same_curve is not None else []), _limit(record))
        if record.days is not None:
            _draw_band(axes, record.days, style.days_word(narrow=narrow))
        _draw_curve(axes, everyone.curve, style.MEASURED, "-", 2.4, main_word)
        if same_curve is not None:
            _draw_curve(axes, same_curve, style.SAME_ROWS, style.DASHED, 1.4, style.same_rows_word(narrow=narrow))
        _draw_limit(axes, record)
        _draw_never(axes, everyone)
        style.legend(axes)

    return Picture(
        name="response",
        title=_title(record, everyone),
        about="The share of customers still without a first reply of bot or agent (logarithmic), against the time "
        "since their contact was planned. The lower and the further left, the better; the blue band holds nine of ten "
        "simulated days.",
        twin=_twin(record, everyone, same_curve),
        draw=draw,
        height=4.2,
        narrow_height=3.8,
    )


def response_by_type(record: Record) -> Picture | None:
    """The same for every contact type and for VIPs; None where there is only one kind of customer."""
    everyone = _everyone(record)
    groups = _groups(record) if everyone else []
    if everyone is None or len(groups) < 2:
        return None

    def draw(figure: Figure, narrow: bool) -> None:
        columns = 2 if narrow else min(4, len(groups))
        rows = math.ceil(len(groups) / columns)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
        for panel, group in zip(panels, groups, strict=False):
            _scales(panel, [everyone.curve, *(g.curve for g in groups)], _limit(record), few=True)
            _draw_curve(panel, everyone.curve, style.PALE, "-", 1.2)
            _draw_curve(panel, group.curve, style.MEASURED, "-", 2.0)
            _draw_limit(panel, record, named=False)
            panel.set_title(f"{group.name}: p90 {_p90(group)}")
            panel.label_outer()
        for panel in panels[len(groups) :]:
            panel.set_visible(False)
        for panel in panels:
            panel.set_xlabel("")
            panel.set_ylabel("")
        figure.supxlabel("time to first reply (logarithmic)", fontsize=9.5)
        figure.supylabel("without a reply", fontsize=9.5)

    rows_narrow = math.ceil(len(groups) / 2)
    return Picture(
        name="response-by-type",
        title=_title_by_type(groups),
        about="The same curve for each contact type and for VIPs (dark), over that of all customers (grey); "
        "the dash-dotted line is the limit.",
        twin=_twin_by_type([everyone, *groups]),
        draw=draw,
        height=2.7 * math.ceil(len(groups) / 4) + 0.2,
        narrow_height=2.1 * rows_narrow + 0.4,
    )


def _everyone(record: Record) -> _Group | None:
    if record.main is None:
        return None
    inside = record.in_scope(record.main.outcomes)
    return _Group("all", inside, frt_curve(inside)) if len(inside) else None


def _groups(record: Record) -> list[_Group]:
    """Contact types, the largest first where there are too many, and VIPs."""
    assert record.main is not None  # noqa: S101 - asked before
    inside = record.in_scope(record.main.outcomes)
    parts = [(name, inside.contact == index) for index, name in enumerate(inside.contacts)]
    parts = sorted(parts, key=lambda part: -int(part[1].sum()))[: _MOST_PANELS - 1]
    found = [(name, inside.take(which)) for name, which in [*parts, ("VIP", inside.vip)]]
    return [_Group(name, rows, frt_curve(rows)) for name, rows in found if len(rows)]


def _limit(record: Record) -> tuple[float, float, str] | None:
    """The first response objective of all contacts: the share that must be answered, within how long, and its text."""
    for objective in record.run.get("objectives") or ():
        key = objective["measure"]
        if key.startswith("frt_p") and key.endswith("_s"):
            return int(key[5:-2]) / 100, float(objective["limit"]), words.quantity(objective["limit"], "s")
    return None


def _title(record: Record, everyone: _Group) -> str:
    limit = _limit(record)
    share = limit[0] if limit else 0.9
    took = _within(everyone.curve, share)
    reply = words.quantity(took, "s") if math.isfinite(took) else "no time that was seen"
    text = f"{share:.0%} of customers had a first reply within {reply}".replace("%", " %")
    return f"{text} (limit {limit[2]})" if limit else text


def _title_by_type(groups: list[_Group]) -> str:
    slowest, quickest = max(groups, key=_tail), min(groups, key=_tail)
    if _p90(slowest) == _p90(quickest):
        return f"Every kind of customer had a first reply within {_p90(slowest)} (p90)"
    return f"Longest without a reply: {slowest.name}, p90 {_p90(slowest)}; shortest: {quickest.name}, {_p90(quickest)}"


def _tail(group: _Group) -> float:
    return _within(group.curve, 0.9)


def _p90(group: _Group) -> str:
    return words.quantity(_tail(group), "s")


def _within(curve: Floats, share: float) -> float:
    return float(curve[min(int(np.searchsorted(SHARES, share - 1e-9)), len(curve) - 1)])


def _scales(axes: Axes, curves: list[Floats], limit: tuple[float, float, str] | None, *, few: bool = False) -> None:
    """Both axes logarithmic: time from half a second, shares down to one in a thousand."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    seen = np.concatenate(curves)
    seen = seen[np.isfinite(seen)]
    quickest = _within(curves[0], 0.1)
    low = max(1.0, 0.4 * quickest) if math.isfinite(quickest) else 1.0  # a run that was cut off may have no such share
    high = max(float(seen.max()) * 1.25 if len(seen) else 100.0, low * 30, limit[1] * 2 if limit else 0.0)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(_lowest(curves), 1.0)
    ticks = [t for t in _TICKS_S if low <= t <= high]
    axes.xaxis.set_major_locator(FixedLocator(ticks[:: 2 if few else 1]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: words.quantity(seconds, "s")))
    axes.yaxis.set_major_locator(FixedLocator([1, 0.1, 0.01, 0.001]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: words.quantity(share, "share")))
    axes.set_xlabel("time since the contact was planned (logarithmic)")
    axes.set_ylabel("customers still without a first reply")


def _lowest(curves: list[Floats]) -> float:
    """One in a thousand, or one in a hundred where no curve comes below that."""
    smallest = min((1 - float(SHARES[np.isfinite(c)][-1]) for c in curves if np.isfinite(c).any()), default=1.0)
    return 0.001 if smallest < 0.011 else 0.008


def _draw_curve(axes: Axes, curve: Floats, colour: str, dashes: Any, width: float, word: str = "") -> None:
    seen = np.isfinite(curve)
    axes.plot(curve[seen], 1 - SHARES[seen], color=colour, ls=dashes, lw=width, label=word)


def _draw_band(axes: Axes, days: Days, word: str) -> None:
    """Nine of ten simulated days; days on which a share was never answered reach to the edge."""
    edge = axes.get_xlim()[1]
    low, high = np.quantile(np.minimum(days.frt_curve, edge * 2), [0.05, 0.95], axis=0)
    axes.fill_betweenx(1 - days.shares, low, high, color=style.BAND, lw=0, alpha=0.85, label=word)


def _draw_never(axes: Axes, everyone: _Group) -> None:
    """Say how many were never answered: no curve shows them."""
    never = float(np.mean(np.isinf(first_response_s(everyone.outcomes))))
    if never >= 0.0005:
        said = f"{words.quantity(never, 'share')} never had a reply"
        axes.text(0.015, 0.04, said, transform=axes.transAxes, color=style.MEASURED, fontsize=8.8)


def _draw_limit(axes: Axes, record: Record, *, named: bool = True) -> None:
    limit = _limit(record)
    if limit is None:
        return
    share, seconds, text = limit
    axes.axvline(seconds, color=style.LIMIT, ls=style.LIMIT_DASH, lw=1.2)
    axes.axhline(1 - share, color=style.LIMIT, ls=style.LIMIT_DASH, lw=0.8)
    if named:
        allowed = words.quantity(1 - share, "share")
        said = f"limit: at most {allowed}\nafter {text}"
        axes.annotate(said, (seconds, 0.85), (5, 0), textcoords="offset points", fontsize=8.8, va="top")


def _twin(record: Record, everyone: _Group, same: Floats | None) -> Twin:
    head = ["answered", "measured" if record.measured else "one simulated day"]
    head += ["same rows"] if same is not None else []
    head += ["simulated days, 5 %", "simulated days, 95 %"] if record.days else []
    rows = []
    for share in _SHOWN:
        row = [words.quantity(share, "share"), words.quantity(_within(everyone.curve, share), "s")]
        row += [words.quantity(_within(same, share), "s")] if same is not None else []
        if record.days:
            index = min(int(np.searchsorted(record.days.shares, share - 1e-9)), len(record.days.shares) - 1)
            ends = np.quantile(record.days.frt_curve[:, index], [0.05, 0.95], method="inverted_cdf")
            row += [words.quantity(float(end), "s") for end in ends]
        rows.append(tuple(row))
    return Twin(tuple(head), tuple(rows))


def _twin_by_type(groups: list[_Group]) -> Twin:
    rows = [
        (
            g.name,
            words.count(len(g.outcomes)),
            *(words.quantity(_within(g.curve, s), "s") for s in (0.5, 0.9, 0.95, 0.99)),
        )
        for g in groups
    ]
    return Twin(("customers", "contacts", "p50", "p90", "p95", "p99"), tuple(rows))

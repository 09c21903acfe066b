"""A gray release in pictures: how far its tests had come at every look, and what each way of rolling out cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crestline.report.figures import style
from crestline.report.figures.picture import Picture, Twin
from crestline.units import format_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Plain = Mapping[str, Any]
NAMES = {"errors": "errors", "frt": "first response", "resolution": "not resolved"}
COLOURS = {"errors": style.FAULT, "frt": style.SAME_ROWS, "resolution": style.MEASURED}
DASHES: Mapping[str, Any] = {"errors": style.LIMIT_DASH, "frt": style.DASHED, "resolution": "-"}
TOP = 4.0  # margins, above which an upper bound says no more than that nothing is known yet
BAR = 0.38  # inches of a way of rolling out


def evidence(run: Plain) -> Picture | None:
    """Evidence and bounds over the contacts of the new version; None where nothing was looked at."""
    steps = [step for step in run["steps"] if step.get("looks")]
    if not steps:
        return None

    def draw(figure: Figure, _narrow: bool) -> None:
        above, below = figure.subplots(2, 1, sharex=True)
        for key, axes in (("evidence", above), ("at_most", below)):
            _lines(axes, steps, key)
            axes.axhline(1.0, color=style.LIMIT, ls=style.LIMIT_DASH, lw=1.2)
            axes.set_ylim(0, None if key == "evidence" else TOP)
        above.set_ylim(0, max(1.15, above.get_ylim()[1]))
        above.set_ylabel("evidence of harm\n1 = rolled back")
        below.set_ylabel("worse by at most\n1 = the margin")
        below.set_xlabel("contacts of the new version that were judged, step after step")
        style.legend(above, columns=3)

    return Picture(
        name="evidence",
        title=_finding(run, steps),
        about="Above: how much of the evidence that rolls a version back was there at every look. Below: by how much "
        "the new version is worse at most, in margins. Vertical lines: the next step begins.",
        twin=_twin(steps),
        draw=draw,
        height=5.0,
        narrow_height=5.0,
    )


def _finding(run: Plain, steps: Sequence[Plain]) -> str:
    judged = sum(step["candidate"] for step in steps)
    if run["decision"] == "roll back":
        return f"Harm was shown after {judged:,} contacts of the new version: {steps[-1]['why']}"
    if run["decision"] == "promote":
        return f"No evidence of harm reached the bound in {judged:,} contacts of the new version"
    return f"{judged:,} contacts of the new version did not settle it"


def _lines(axes: Axes, steps: Sequence[Plain], key: str) -> None:
    """A line for every measure, step after step; measures that a step does not compare are left out there."""
    before = 0
    for number, step in enumerate(steps):
        x = [before + look["contacts"] for look in step["looks"]]
        for name, word in NAMES.items():
            values = [look[key].get(name) for look in step["looks"]]
            known = [(at, value) for at, value in zip(x, values, strict=True) if value is not None]
            if known:
                label = word if number == 0 else None
                axes.plot(*zip(*known, strict=True), color=COLOURS[name], ls=DASHES[name], label=label)
        axes.axvline(before, color=style.PALE, lw=0.8)
        axes.annotate(format_share(step["share"]), (before, 1.0), xycoords=("data", "axes fraction"), va="top",
                      xytext=(3, -3), textcoords="offset points", fontsize=8.8, color=style.PALE)  # fmt: skip
        before = x[-1]


def _twin(steps: Sequence[Plain]) -> Twin:
    head = ("share", "contacts", *(f"evidence: {word}" for word in NAMES.values()),
            *(f"at most, in margins: {word}" for word in NAMES.values()))  # fmt: skip
    rows = [
        (format_share(step["share"]), f"{look['contacts']:,}",
         *(_number(look[key].get(name)) for key in ("evidence", "at_most") for name in NAMES))
        for step in steps for look in step["looks"]
    ]  # fmt: skip
    return Twin(head, tuple(rows))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def policies(run: Plain, twin: Twin) -> Picture | None:
    """Contacts harmed by way of rolling out; None where but one was played."""
    ways = run["policies"]
    if len(ways) < 2:
        return None
    least = min(ways, key=lambda way: way["harmed"])

    def draw(figure: Figure, _narrow: bool) -> None:
        axes = figure.subplots()
        places = range(len(ways))
        axes.barh(places, [way["exposed"] for way in ways], color=style.BAND, height=0.7, label="met the new version")
        axes.barh(places, [way["harmed"] for way in ways], color=style.FAULT, height=0.35, label="harmed")
        axes.set_yticks(places, [way["policy"] for way in ways])
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set_xlabel("contacts")
        style.legend(axes, columns=2)

    harms = any(way["harmed"] for way in ways)
    title = f"{least['policy']} harms the fewest: {least['harmed']:,.0f} contacts" if harms else "No way harms anybody"
    height = 1.4 + BAR * len(ways)
    return Picture(
        name="policies",
        title=title,
        about="The same days, the same customers and the same new version, rolled out by other steps; means of a day.",
        twin=twin,
        draw=draw,
        height=height,
        narrow_height=height,
    )

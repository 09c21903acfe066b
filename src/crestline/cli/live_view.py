"""The live block of a drill: the six indicators with limits and where they came from, fault, alerts, time left."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crestline.units import format_duration, format_share

if TYPE_CHECKING:
    from rich.console import Group

    from crestline.cli.progress import Talk
    from crestline.scenario import Scenario
    from crestline.verbs.live_run import Progress

BARS = "▁▂▃▄▅▆▇█"
LAST = 30  # so many looks back
INDICATORS = {  # name: the measure, as Progress and the objectives spell it
    "response p90": "frt_p90_s",
    "errors": "error_rate",
    "abandonment": "abandonment",
    "resolved": "resolution_rate",
    "occupancy": "occupancy",
    "satisfaction": "satisfaction",
}


class LiveView:
    """What a drill looks like while it runs; remembers the last looks."""

    def __init__(self, scenario: Scenario, talk: Talk) -> None:
        self._scenario, self._talk = scenario, talk
        self._seen: defaultdict[str, list[float]] = defaultdict(list)
        self._struck_s: float | None = None
        self._limits = {o.key: f"{o.op} {_spelled(o.key, o.limit)}" for o in scenario.objectives}

    def show(self, now: Progress) -> None:
        """Show how far the drill is."""
        self._talk.update(self.line(now), self.block(now))

    def block(self, now: Progress) -> Group:
        """Everything at one look."""
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, show_header=False)
        for _ in range(4):
            table.add_column(no_wrap=True)
        for name, key in INDICATORS.items():
            value: float | None = getattr(now, key)
            self._seen[name] += [] if value is None else [value]
            shown = "-" if value is None else _spelled(key, value)
            table.add_row(f"  {name}", shown, self._limits.get(key, ""), sparkline(self._seen[name][-LAST:]))
        return Group(self._headline(now), table, *(Text(f"  {text}", style="bold red") for text in now.alerts))

    def line(self, now: Progress) -> str:
        """The same in one line, for logs."""
        words = [
            self._scenario.clock(now.instant_s),
            f"{now.sent:,} contacts sent",
            f"{now.waiting} waiting",
            f"{now.busy} of {now.slots} slots busy",
        ]
        for name in ("response p90", "abandonment"):
            value: float | None = getattr(now, INDICATORS[name])
            words += [] if value is None else [f"{name} {_spelled(INDICATORS[name], value)}"]
        return "  ".join([*words, *([f"FAULT {now.fault}"] if now.fault else []), *now.alerts])

    def _headline(self, now: Progress) -> str:
        words = [
            self._scenario.clock(now.instant_s),
            f"{format_duration(now.left_real_s)} left",
            f"{now.sent:,} contacts sent",
            f"{now.waiting} waiting",
        ]
        if now.fault:
            self._struck_s = now.instant_s if self._struck_s is None else self._struck_s
            words.append(f"FAULT {now.fault} for {format_duration(now.instant_s - self._struck_s)}")
        else:
            self._struck_s = None
        return "   ".join(words)


def sparkline(values: list[float]) -> str:
    """A small curve from the lowest to the highest of the values."""
    if not values:
        return ""
    low, high = min(values), max(values)
    step = (high - low) / (len(BARS) - 1) or 1.0
    return "".join(BARS[round((value - low) / step)] for value in values)


def _spelled(key: str, value: float) -> str:
    return format_duration(value) if key.endswith("_s") else format_share(value)

"""What must hold: one line of words per objective, such as ``frt p90 < 45s``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, WithJsonSchema, model_serializer

from crestline.scenario.block import Block, nearest
from crestline.units import parse_duration, parse_share, show

Unit = Literal["s", "share", "currency"]
Stat = Literal["p50", "p90", "p95", "p99", "mean"]
Op = Literal["<", "<=", ">", ">="]
STATS: tuple[Stat, ...] = ("p50", "p90", "p95", "p99", "mean")


class Measure(NamedTuple):
    """What an objective may speak of."""

    unit: Unit
    example: str
    key: str = ""  # as run.json spells it, where it differs from the word
    needs_stat: bool = False
    by_subject: bool = True  # can be asked of one contact type, or of VIPs
    by_interval: bool = True


MEASURES: dict[str, Measure] = {
    "frt": Measure("s", "frt p90 < 45s", needs_stat=True),
    "agent_frt": Measure("s", "agent_frt p90 < 2min", needs_stat=True),
    "wait": Measure("s", "wait p90 < 1min", needs_stat=True),
    "service_level": Measure("share", "service_level 20s >= 80%"),
    "abandonment": Measure("share", "abandonment < 5%"),
    "error_rate": Measure("share", "error_rate < 1%"),
    "rejected": Measure("share", "rejected < 1%"),
    "resolution": Measure("share", "resolution >= 90%", key="resolution_rate"),
    "occupancy": Measure("share", "occupancy <= 85%", by_subject=False),
    "satisfaction": Measure("share", "satisfaction >= 85%"),
    "recovery": Measure("s", "recovery <= 15min", key="recovery_s", by_subject=False, by_interval=False),
    "cost_per_contact": Measure("currency", "cost_per_contact < 3.50", by_subject=False),
}
SERVICE_LEVEL_S = 20.0
"""The time of ``service_level`` where none is stated."""


def service_level_key(within_s: float) -> str:
    """The key of the share answered by an agent within ``within_s``."""
    return "service_level" if within_s == SERVICE_LEVEL_S else f"service_level_{within_s:g}s"


class Objective(Block):
    """One objective; ``key`` is the name of its measure in every report."""

    text: str
    measure: str
    stat: Stat | None
    op: Op
    limit: float
    subject: str | None
    each_interval: bool
    within: float | None

    @property
    def unit(self) -> Unit:
        """What the limit counts: seconds, a share, or money."""
        return MEASURES[self.measure].unit

    @property
    def at_least(self) -> bool:
        """Whether more is better."""
        return self.op in {">", ">="}

    @property
    def key(self) -> str:
        """The key of the measure, such as ``agent_frt_p90_s[refund]@interval``."""
        subject = f"[{self.subject}]" if self.subject else ""
        return f"{self._plain_key}{subject}{'@interval' if self.each_interval else ''}"

    @property
    def _plain_key(self) -> str:
        if self.measure == "wait" and self.stat == "mean":
            return "mean_wait_s"
        if self.stat is not None:
            return f"{self.measure}_{self.stat}_s"
        if self.within is not None:
            return service_level_key(self.within)
        return MEASURES[self.measure].key or self.measure

    @model_serializer(when_used="json")
    def _spell(self) -> str:
        return self.text

    def holds(self, value: float) -> bool:
        """Whether a value meets the objective."""
        if self.at_least:
            return value > self.limit or (self.op == ">=" and value == self.limit)
        return value < self.limit or (self.op == "<=" and value == self.limit)


_LINE = re.compile(r"(?P<left>[^<>=]*)(?P<op><=|>=|<|>)(?P<right>[^<>=]*)")
_TAIL = re.compile(
    r"\s*(?P<quantity>.*?)(?:\s+for\s+(?P<subject>[^\s<>]+))?(?P<each>\s+each\s+interval)?\s*",
)


def parse_objective(value: object) -> Any:
    """Read one line; the words of the error end with a line that would do."""
    if isinstance(value, Mapping | Objective):
        return value
    line = _LINE.fullmatch(value) if isinstance(value, str) else None
    words = line["left"].split() if line else []
    if line is None or not words:
        msg = f'got {show(value)}, expected <measure> <op> <limit>, for example "frt p90 < 45s"'
        raise ValueError(msg)
    text = " ".join(str(value).split())
    name = words[0]
    if name not in MEASURES:
        msg = f"{show(text)}: {name} is no measure; {nearest(name, MEASURES)}"
        raise ValueError(msg)
    return _Reader(text, name, MEASURES[name]).read(words[1:], line["op"], _TAIL.fullmatch(line["right"]))


class _Reader(NamedTuple):
    """Reads what follows the name of a measure."""

    text: str
    name: str
    measure: Measure

    def read(self, words: list[str], op: str, tail: re.Match[str] | None) -> dict[str, Any]:
        assert tail is not None  # noqa: S101 - the pattern matches any text
        subject, each = tail["subject"], tail["each"] is not None
        if subject and not self.measure.by_subject:
            raise self.wrong(f"cannot be asked for {subject} alone")
        if each and not self.measure.by_interval:
            raise self.wrong("cannot be asked of each interval")
        stat, within = self.stat_and_within(words)
        return {
            "text": self.text, "measure": self.name, "stat": stat, "op": op, "limit": self.limit(tail["quantity"]),
            "subject": subject, "each_interval": each, "within": within,
        }  # fmt: skip

    def wrong(self, what: str) -> ValueError:
        return ValueError(f"{show(self.text)}: {self.name} {what}; write for example {show(self.measure.example)}")

    def stat_and_within(self, words: list[str]) -> tuple[str | None, float | None]:
        if self.name == "service_level":
            return None, self.seconds(" ".join(words)) if words else SERVICE_LEVEL_S
        if not self.measure.needs_stat:
            if words:
                raise self.wrong(f"takes no {show(' '.join(words))}")
            return None, None
        if not words:
            msg = f"{show(self.text)} lacks a percentile; write for example {show(self.measure.example)}"
            raise ValueError(msg)
        if len(words) > 1 or words[0] not in STATS:
            raise self.wrong(f"has no {show(' '.join(words))}, expected one of {', '.join(STATS)}")
        return words[0], None

    def limit(self, quantity: str) -> float:
        return LIMITS[self.measure.unit](self, quantity)

    def seconds(self, quantity: str) -> float:
        try:
            return parse_duration(quantity)
        except ValueError:
            raise self.wrong(f"needs a duration with its unit (got {show(quantity)})") from None

    def share(self, quantity: str) -> float:
        try:
            return parse_share(quantity if quantity.endswith("%") else float(quantity))
        except ValueError:
            raise self.wrong(f"needs a share such as 5% (got {show(quantity)})") from None

    def money(self, quantity: str) -> float:
        if not re.fullmatch(r"\d+(\.\d+)?", quantity):
            raise self.wrong(f"needs a plain amount of money (got {show(quantity)})")
        return float(quantity)


LIMITS: dict[Unit, Callable[[_Reader, str], float]] = {
    "s": _Reader.seconds,
    "share": _Reader.share,
    "currency": _Reader.money,
}

ObjectiveLine = Annotated[
    Objective,
    BeforeValidator(parse_objective),
    WithJsonSchema({"type": "string", "examples": [m.example for m in MEASURES.values()]}),
]

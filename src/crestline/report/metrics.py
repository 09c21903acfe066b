"""The measures as OpenMetrics text, for a push gateway or a text-file collector."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crestline.measures import keys

WORLDS = ("measured", "same_rows", "forecast")
_UNIT_WORDS = {"s": "seconds", "share": "share from 0 to 1", "per_h": "per hour", "count": "count"}


def metrics(run: Mapping[str, Any]) -> str:
    """A gauge for every measure, and the verdict as its exit code; what was not measured is left out."""
    from prometheus_client import CollectorRegistry, Gauge
    from prometheus_client.openmetrics.exposition import generate_latest

    registry = CollectorRegistry()
    scenario = str(run.get("scenario") or "")
    for key, worlds in (run.get("measures") or {}).items():
        values = {w: v["value"] for w in WORLDS if (v := worlds.get(w)) and v.get("value") is not None}
        if not values:
            continue
        told = f"{key} in {_UNIT_WORDS.get(worlds.get('unit'), worlds.get('unit') or 'its unit')}"
        gauge = Gauge(metric_name(key), told, ("scenario", "world"), registry=registry)
        for world, value in values.items():
            gauge.labels(scenario, world).set(value)
    if run.get("last_level_held") is not None:
        told = "last level of demand up to which every objective held, step by step; 1 is the usual demand"
        gauge = Gauge("crestline_last_level_held", told, ("scenario",), registry=registry)
        gauge.labels(scenario).set(run["last_level_held"])
    if run.get("exit_code") is not None:
        told = "verdict of the run: 0 met, 1 missed, 3 inconclusive"
        gauge = Gauge("crestline_verdict", told, ("scenario",), registry=registry)
        gauge.labels(scenario).set(run["exit_code"])
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text.decode("utf-8")


def metric_name(key: str) -> str:
    """The gauge of a measure: ``crestline_frt_p90_seconds``, ``crestline_abandonment_refund_interval``."""
    parts = keys.split(key)
    name = re.sub(r"_s$", "_seconds", parts.name)
    tail = [parts.subject] if parts.subject else []
    tail += ["interval"] if parts.each_interval else []
    return "_".join(["crestline", name, *map(_plain, tail)])


def _plain(word: str) -> str:
    return "".join(c if re.match(r"[A-Za-z0-9_]", c) else "_" if c.isascii() else f"u{ord(c):x}" for c in word)

"""What the report rests on, as tables: gates, requests, the drill against the same rows, every measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crestline.measures import keys
from crestline.report import unseen, words
from crestline.report.figures import Twin


def model(run: Mapping[str, Any]) -> Twin | None:
    """The difference between the drill and the same rows simulated, measure by measure."""
    rows = []
    for key, worlds in (run.get("measures") or {}).items():
        measured, same = worlds.get("measured") or {}, worlds.get("same_rows") or {}
        if measured.get("value") is None or same.get("value") is None:
            continue
        unit = worlds.get("unit") or keys.unit(key)
        difference = measured["value"] - same["value"]
        shown = words.quantity(abs(difference), unit, run.get("currency") or "")
        sign = "+" if difference > 0 else "-" if difference < 0 else ""
        rows.append((key, words.value(measured, unit), words.value(same, unit), f"{sign}{shown}"))
    return Twin(("measure", "measured", "same rows, simulated", "difference"), tuple(rows)) if rows else None


def agreement(run: Mapping[str, Any]) -> Twin | None:
    """Where the drill and the same rows simulated have to agree, how far they may be apart, and whether they do."""
    rows = []
    for cell in (run.get("agreement") or {}).get("cells") or ():
        unit = keys.unit(cell["name"])
        shown = [words.quantity(cell.get(name), unit) for name in ("measured", "same", "tolerance")]
        rows.append((words.measure_name(cell["name"]), *shown, "agrees" if cell.get("ok") else "DIFFERS"))
    return (
        Twin(("measure", "measured", "same rows, simulated", "may differ by", "result"), tuple(rows)) if rows else None
    )


def gates(run: Mapping[str, Any]) -> Twin | None:
    """The conditions under which the run can be trusted."""
    rows = [
        (str(g["name"]), _number(g.get("value")), _number(g.get("limit")), "held" if g.get("ok") else "FAILED")
        for g in run.get("gates") or ()
    ]
    return Twin(("gate", "value", "limit", "result"), tuple(rows)) if rows else None


def _number(value: float | None) -> str:
    return words.NOTHING if value is None else f"{value:,.4g}" if abs(value) < 1000 else words.count(value)


def requests(run: Mapping[str, Any]) -> Twin | None:
    """What went over the wire: real time, a customer's first request counted from its planned instant."""
    head = ("request", "sent", "failed", "p50", "p90", "p95", "p99", "p99.9", "longest")
    rows = [
        (
            f"{kind['method']} {kind['name']}",
            words.count(kind["count"]),
            words.count(kind["failures"]),
            *(f"{kind[key]:,.4g} ms" for key in ("p50_ms", "p90_ms", "p95_ms", "p99_ms", "p999_ms", "longest_ms")),
        )
        for kind in (run.get("load") or {}).get("requests") or ()
    ]
    return Twin(head, tuple(rows)) if rows else None


def measures(run: Mapping[str, Any]) -> Twin | None:
    """Every measure in every world that has it."""
    found = run.get("measures") or {}
    worlds = [w for w in ("measured", "same_rows", "forecast") if any(m.get(w) for m in found.values())]
    if not worlds:
        return None
    head, rows = ["measure"], []
    for world in worlds:
        head += [world.replace("_", " "), "[95 %]"]
    head += ["a day [5..95 %]"] if "forecast" in worlds else []
    for key, measure in found.items():
        unit = measure.get("unit") or keys.unit(key)
        row = [key]
        for world in worlds:
            text = words.value(measure.get(world), unit, run.get("currency") or "")
            row += [
                unseen.value(run, key, text) if world == "measured" else text,
                words.interval(measure.get(world), unit),
            ]
        row += [words.band(measure.get("forecast"), unit)] if "forecast" in worlds else []
        rows.append(tuple(row))
    return Twin(tuple(head), tuple(rows))

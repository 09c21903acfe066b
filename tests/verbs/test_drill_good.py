"""A drill that holds: its exit code, its account key by key, and the files that it leaves."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from crestline.tables import OUTCOME_COLUMNS

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Run

NUMBER, COUNT, WORDS = (int, float), (int,), (str,)
OPTIONAL = (*NUMBER, type(None))
SHAPES: dict[str, dict[str, Any]] = {
    "": {
        "schema": COUNT, "kind": WORDS, "name": WORDS, "scenario": WORDS, "seed": COUNT, "started_at": WORDS,
        "versions": (dict,), "command": WORDS, "verdict": WORDS, "exit_code": COUNT, "objectives": (list,),
        "measures": (dict,), "load": (dict,), "gates": (list,), "agreement": (dict,), "faults": (list,),
        "integrity": (dict,), "intervals": (list,), "findings": (list,), "next": (list,),
    },
    "objectives": {
        "name": WORDS, "measure": WORDS, "op": WORDS, "limit": NUMBER, "measured": "value", "same_rows": "value",
        "forecast": "value", "result": WORDS, "why": WORDS,
    },
    "measures": {"measured": "value", "same_rows": "value", "forecast": "value", "unit": WORDS},
    "load": {
        "planned": COUNT, "sent": COUNT, "dropped": COUNT, "late_p99_s": NUMBER, "overhead_s": NUMBER,
        "hand_over_s": NUMBER, "in_flight_max": COUNT, "unfinished": COUNT, "workers": COUNT,
    },
    "gates": {"name": WORDS, "value": OPTIONAL, "limit": NUMBER, "ok": (bool,)},
    "agreement": {"rows": COUNT, "same_outcome": NUMBER},
    "faults": {
        "kind": WORDS, "planned_s": NUMBER, "effective_s": NUMBER, "healed_s": NUMBER, "detected_s": OPTIONAL,
        "technical_recovery_s": OPTIONAL, "operational_recovery_s": OPTIONAL, "over": (bool,), "rto_s": OPTIONAL,
        "resolution_s": NUMBER, "result": WORDS,
    },
    "integrity": {"accepted": COUNT, "lost": COUNT, "doubled": COUNT, "orphaned": COUNT},
    "intervals": {
        "start": (*WORDS, *NUMBER), "offered": NUMBER, "agents": NUMBER, "frt_p90_s": OPTIONAL,
        "abandonment": OPTIONAL, "occupancy": OPTIONAL,
    },
}  # fmt: skip
VALUE = {"value": OPTIONAL, "low": OPTIONAL, "high": OPTIONAL}
VALUE_TOO = {"over": (bool,), "p5": OPTIONAL, "p95": OPTIONAL, "p_met": OPTIONAL}
UNITS = {"s", "share", "per_h", "count", "currency"}
MEASURES = {
    "frt_p50_s", "frt_p90_s", "frt_p95_s", "frt_p99_s", "frt_mean_s", "agent_frt_p90_s", "wait_p90_s",
    "mean_wait_s", "wait_probability", "service_level", "abandonment", "abandonment_triage", "error_rate",
    "rejected", "resolution_rate", "bot_resolution_rate", "recontact_rate", "occupancy", "satisfaction",
    "recovery_s", "throughput_per_h", "cost_per_contact", "request_errors",
}  # fmt: skip
FILES = [
    "run.json", "scenario.yaml", "outcomes.npz", "same_rows.npz", "pools.npz", "summary.md", "junit.xml",
    "metrics.txt", "report/index.html", "report/style.css", "contacts.jsonl", "locust.log", "desk.log",
]  # fmt: skip


def misfits(shape: dict[str, Any], told: dict[str, Any], where: str) -> list[str]:
    """What is missing or of another kind than it ought to be."""
    found = []
    for key, kind in shape.items():
        place, value = f"{where}.{key}", told.get(key, ...)
        if kind == "value":
            found += [] if value is None else misfits(VALUE, value, place)
            extra = {} if value is None else {k: VALUE_TOO.get(k, ()) for k in value if k not in VALUE}
            found += misfits(extra, value or {}, place)
        elif not isinstance(value, kind) or (isinstance(value, bool) and bool not in kind):
            found.append(f"{place}: {value!r}")
    return found


def rows(run: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Every object that has the shape of this key."""
    part = run[key] if key else run
    if key == "measures":
        return list(part.values())
    return part if isinstance(part, list) else [part]


def test_a_service_that_holds_gives_exit_code_0(good: Done) -> None:
    assert (good.code, good.err.count("Traceback")) == (0, 0), good.err
    assert (good.run["verdict"], good.run["exit_code"]) == ("met", 0)
    assert [o["result"] for o in good.run["objectives"]] == ["met"] * 6


@pytest.mark.parametrize("key", SHAPES)
def test_the_account_has_the_shape_that_was_promised(good: Done, key: str) -> None:
    found = rows(good.run, key)
    assert found
    assert [misfit for row in found for misfit in misfits(SHAPES[key], row, key)] == []


def test_the_fixed_measures_are_all_there(good: Done) -> None:
    told = good.run["measures"]
    assert set(told) >= MEASURES | {o["measure"] for o in good.run["objectives"]}
    assert {measure["unit"] for measure in told.values()} <= UNITS
    empty = [key for key, measure in told.items() if measure["measured"] is None]
    assert empty == []
    shares = [m["measured"]["value"] for m in told.values() if m["unit"] == "share"]
    assert min(shares) >= 0
    assert max(shares) <= 1


def test_everybody_was_sent_and_nobody_lost(good: Done) -> None:
    load, integrity = good.run["load"], good.run["integrity"]
    assert load["sent"] / load["planned"] >= 0.999
    assert (load["dropped"], integrity["lost"], integrity["doubled"]) == (0, 0, 0)
    assert integrity["accepted"] > 400
    assert [gate["name"] for gate in good.run["gates"] if not gate["ok"]] == []


def test_both_edges_of_every_fault_are_seen(good: Done) -> None:
    faults = good.run["faults"]
    assert [fault["kind"] for fault in faults] == ["triage-outage", "agents-leave", "platform-outage"]
    for fault in faults:
        assert fault["planned_s"] - 1 <= fault["effective_s"] < fault["healed_s"]


def test_every_file_is_there_and_latest_points_to_it(good: Done) -> None:
    (folder,) = good.runs
    assert good.latest.resolve() == folder.resolve()
    assert re.fullmatch(r"\d{8}T\d{6}Z-quick-[0-9a-f]+", folder.name)
    assert [name for name in FILES if not (folder / name).exists()] == []


def test_the_rows_can_be_read_without_this_project(good: Done) -> None:
    for name in ("outcomes.npz", "same_rows.npz"):
        with np.load(good.latest / name) as stored:
            assert set(OUTCOME_COLUMNS) <= set(stored.files)
            assert len(stored["row"]) > 400


def test_other_tools_can_read_what_a_run_says(good: Done) -> None:
    document = ET.parse(good.latest / "junit.xml").getroot()  # noqa: S314 - written a moment ago
    cases = {suite.get("name"): len(suite.findall("testcase")) for suite in document.iter("testsuite")}
    assert cases["objectives"] == len(good.run["objectives"])
    assert list(document.iter("failure")) == []
    metrics = (good.latest / "metrics.txt").read_text("utf-8")
    assert metrics.endswith("# EOF\n")
    assert re.search(r'^crestline_frt_p90_seconds\{.*world="measured".*\} \d', metrics, re.MULTILINE)
    summary = (good.latest / "summary.md").read_text("utf-8")
    assert "| --- |" in summary
    assert "crestline drill quick --seed" in summary


def test_what_will_happen_is_said_before_it_does(good: Done) -> None:
    """Duration, contacts, peak per second, faults and target; then that the forecast and the live run start."""
    said = [line.split()[0] for line in good.err.splitlines()]
    assert said[:4] == ["plays", "load", "faults", "target"]
    assert {"forecast", "live"} <= set(said[4:])
    announced = " ".join(good.err.splitlines()[:4])
    for words in ("12 min in 12 s", "customers", "per real second", "triage-outage at 10:0", "the reference desk"):
        assert words in announced


def test_talk_goes_to_stderr_and_the_verdict_to_stdout(good: Done) -> None:
    lines = [line.split()[0] for line in good.out.splitlines() if line[:1].isalpha()]
    assert lines[:1] == ["VERDICT"]
    assert {"LOAD", "FILES", "AGAIN"} <= set(lines)
    assert "\x1b" not in good.out + good.err


def test_a_report_built_anew_ends_with_the_code_of_its_run(good: Done, run: Run) -> None:
    made = run("report", str(good.latest))
    assert (made.code, "Traceback" in made.err) == (0, False)
    assert "VERDICT" in made.out


def test_one_contact_is_shown_in_both_worlds(good: Done, run: Run) -> None:
    shown = run("report", str(good.latest), "--contact", "17")
    assert shown.code == 0
    assert re.search(r"measured +simulated", shown.out)
    assert re.search(r"planned +10:0\d:\d\d\.\d +10:0\d:\d\d\.\d", shown.out)

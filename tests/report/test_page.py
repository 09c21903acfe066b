from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline import report
from crestline.report.figures import svg
from crestline.report.html import write_one_file, write_page
from crestline.report.page import page
from crestline.report.record import Record, read
from crestline.runs import RunFolder
from crestline.tables import Outcomes, Pools

SECTIONS = [
    "indicators",
    "objectives",
    "recovery",
    "first-response",
    "journey",
    "staffing",
    "next",
    "model",
    "reproduce",
]


class Seen(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture
def written(reported: RunFolder) -> Path:
    """The page of the drill."""
    return reported.path / "report" / "index.html"


def test_the_page_has_its_sections_in_order(written: Path) -> None:
    assert [s["id"] for s in Seen(written.read_text()).all("section")] == SECTIONS


def test_a_strict_content_policy_lets_everything_through(written: Path) -> None:
    seen = Seen(written.read_text())
    assert not seen.all("script")
    assert not seen.all("style")
    assert not seen.all("svg")
    assert not [tag for tag, attrs in seen.tags if any(a == "style" or a.startswith("on") for a in attrs)]
    addresses = [a for _, attrs in seen.tags for k, a in attrs.items() if k in {"src", "srcset", "href"} and a]
    assert addresses
    for address in addresses:
        assert (written.parent / address).is_file(), address


def test_every_picture_has_a_finding_a_description_a_phone_version_and_a_table(written: Path) -> None:
    text = written.read_text()
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == 3 + 2 + 3 + 1
    for figure in figures:
        assert re.search(r"<h3>\S.{10,}</h3>", figure)
        assert re.search(r'alt="\S.{40,}"', figure, re.DOTALL)
        assert "-narrow.svg" in figure
        assert re.search(r"<details>.*<td>", figure, re.DOTALL)


def test_one_file_needs_no_other(bare: RunFolder, tmp_path: Path) -> None:
    seen = Seen(write_one_file(read(bare), tmp_path / "report.html").read_text())
    assert not seen.all("link")
    assert seen.all("img")
    assert all(str(img["src"]).startswith("data:image/svg+xml;base64,") for img in seen.all("img"))


def text_of(record: Record, tmp_path: Path) -> str:
    return write_page(record, tmp_path / "page").read_text()


def test_text_from_a_scenario_is_never_markup(bare: RunFolder, tmp_path: Path) -> None:
    run = bare.read_run() | {"about": "<script>alert(1)</script>", "findings": ["a <b>bold</b> finding"], "faults": []}
    bare.write_run(run)
    text = text_of(read(bare), tmp_path)
    assert "<script>" not in text
    assert "a &lt;b&gt;bold&lt;/b&gt; finding" in text


def test_a_folder_with_nothing_but_the_account_is_reported(drill: RunFolder, tmp_path: Path) -> None:
    for path in drill.path.iterdir():
        if path.name != "run.json":
            path.unlink()
    seen = Seen(text_of(read(drill), tmp_path))
    assert [s["id"] for s in seen.all("section")] == [s for s in SECTIONS if s not in {"first-response", "journey"}]


def test_an_interrupted_run_is_reported_as_far_as_it_got(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.write_run({"schema": 1, "kind": "drill", "scenario": "monthly-drill", "verdict": "inconclusive"})
    report.write(folder)
    text = (tmp_path / "report" / "index.html").read_text()
    assert "INCONCLUSIVE" in text
    assert {p.name for p in tmp_path.iterdir()} >= {"summary.md", "junit.xml", "metrics.txt"}


def test_the_agreement_of_the_two_worlds_is_a_table(bare: RunFolder) -> None:
    cell = {"name": "abandonment", "measured": 0.04, "same": 0.06, "tolerance": 0.01, "ok": False}
    bare.write_run(bare.read_run() | {"agreement": {"rows": 9, "same_outcome": 0.9, "cells": [cell]}})
    shown = page(read(bare))
    assert shown.agreement is not None
    assert shown.agreement.rows == (("abandonment", "4 %", "6 %", "1 %", "DIFFERS"),)


def test_what_cannot_be_read_is_named_and_left_out(drill: RunFolder) -> None:
    (drill.path / "pools.npz").write_bytes(b"cut off")
    (drill.path / "forecast.npz").write_bytes((drill.path / "forecast.npz").read_bytes()[:200])
    record = read(drill)
    assert record.unreadable == ("pools.npz", "forecast.npz")
    shown = page(record)
    assert shown.response
    assert shown.unreadable == ("pools.npz", "forecast.npz")


def test_a_forecast_shows_one_simulated_day_in_place_of_a_measurement(drill: RunFolder) -> None:
    (drill.path / "outcomes.npz").unlink()
    run = drill.read_run()
    for row in [*run["objectives"], *run["measures"].values()]:
        row["measured"] = row["same_rows"] = None
    nothing: dict[str, Any] = {"load": None, "integrity": None, "gates": [], "agreement": None, "target": ""}
    drill.write_run(run | {"kind": "forecast"} | nothing)
    shown = page(read(drill))
    assert shown.forecast_only
    assert {tile.world for tile in shown.tiles} == {"forecast"}
    assert shown.response[0].twin.head[1] == "one simulated day"
    assert shown.cannot_tell[0].startswith("Nothing was called")


def test_a_run_without_faults_has_no_recovery_section(drill: RunFolder) -> None:
    drill.write_run(drill.read_run() | {"faults": []})
    assert page(read(drill)).recovery == ()


def test_a_fault_that_never_struck_has_a_line_but_no_picture(drill: RunFolder) -> None:
    run = drill.read_run()
    run["faults"] = [run["faults"][0] | {"effective_s": None, "operational_recovery_s": None, "result": "inconclusive"}]
    drill.write_run(run)
    shown = page(read(drill))
    assert shown.recovery == ()
    assert shown.faults == ("triage-outage at 10:04: never took effect",)


def test_equal_folders_give_equal_bytes(bare: RunFolder) -> None:
    def everything() -> dict[Path, bytes]:
        report.write(bare)
        return {path: path.read_bytes() for path in bare.path.rglob("*") if path.is_file()}

    assert everything() == everything()


def test_pictures_of_an_earlier_report_do_not_stay_behind(bare: RunFolder) -> None:
    old = bare.path / "report" / "recovery-9.svg"
    old.parent.mkdir()
    old.write_text("<svg/>")
    report.write(bare)
    assert not old.exists()


def test_a_run_that_was_stopped_before_the_first_contact_is_reported(drill: RunFolder) -> None:
    for name, kind in {"outcomes": Outcomes, "same_rows": Outcomes, "pools": Pools, "same_pools": Pools}.items():
        table = drill.read_table(name, kind)
        drill.write_table(name, table.take(np.zeros(len(table), np.bool_)))
    (drill.path / "forecast.npz").unlink()
    shown = page(read(drill))
    assert [picture.name for picture in shown.pictures] == ["recovery-1", "recovery-2", "recovery-3", "staffing"]
    assert "0 waiting" not in svg(shown.pictures[0])


def test_requests_stand_in_the_evidence_where_they_were_counted(drill: RunFolder) -> None:
    assert page(read(drill)).requests is None
    run = drill.read_run()
    times = dict.fromkeys(("p50_ms", "p90_ms", "p95_ms", "p99_ms", "p999_ms", "longest_ms"), 1.2345)
    run["load"]["requests"] = [{"method": "POST", "name": "/conversations", "count": 3154, "failures": 2} | times]
    drill.write_run(run)
    shown = page(read(drill)).requests
    assert shown is not None
    assert shown.rows == (("POST /conversations", "3,154", "2", *["1.234 ms"] * 6),)

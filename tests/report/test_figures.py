from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib import font_manager

from crestline.report.figures import Picture, svg
from crestline.report.page import page
from crestline.report.record import read
from crestline.runs import RunFolder
from crestline.scenario import Scenario, load

MakeFolder = Callable[[Path, Scenario], RunFolder]

ERLANG_A = {
    "name": "erlang-a",
    "day": {"start": "00:00", "length": "20min"},
    "demand": {"rate": "600/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "handle_time": {"exponential": {"mean": "1min"}},
            "patience": {"exponential": {"mean": "2min"}},
        }
    },
    "agents": {"all": {"skills": ["all"], "on_duty": 10}},
}


def strokes(drawn: str) -> int:
    """How many shapes a drawing has, apart from letters and its background."""
    body = re.sub(r"<defs>.*?</defs>", "", drawn, flags=re.DOTALL)
    return len(ElementTree.fromstring(body).findall(".//{*}path"))  # noqa: S314 - our own


@pytest.fixture(scope="module")
def pictures(made_drill: RunFolder) -> dict[str, Picture]:
    """The pictures of the drill, by name."""
    return {picture.name: picture for picture in page(read(made_drill)).pictures}


def test_a_drill_with_three_faults_has_all_pictures(pictures: dict[str, Picture]) -> None:
    assert list(pictures) == [
        "recovery-1", "recovery-2", "recovery-3", "response", "response-by-type", "stages-dwell", "stages-volume",
        "stages-drop-off", "staffing",
    ]  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", ["recovery-1", "response", "response-by-type", "stages-dwell", "staffing"])
def test_no_picture_is_blank(pictures: dict[str, Picture], name: str, *, narrow: bool) -> None:
    assert strokes(svg(pictures[name], narrow=narrow)) > 8


def test_every_row_of_a_table_has_a_cell_for_every_heading(pictures: dict[str, Picture]) -> None:
    for picture in pictures.values():
        assert picture.twin.rows, picture.name
        assert {len(row) for row in picture.twin.rows} == {len(picture.twin.head)}, picture.name


def test_a_picture_depends_on_nothing_but_what_it_shows(pictures: dict[str, Picture]) -> None:
    assert svg(pictures["recovery-1"]) == svg(pictures["recovery-1"])
    assert "<dc:date>" not in svg(pictures["recovery-1"])


def test_a_service_without_bot_faults_or_standby_is_drawn(make_folder: MakeFolder, tmp_path: Path) -> None:
    shown = page(read(make_folder(tmp_path / "erlang-a", load(ERLANG_A))))
    assert [picture.name for picture in shown.pictures] == [
        "response", "stages-dwell", "stages-volume", "stages-drop-off", "staffing",
    ]  # fmt: skip
    assert shown.pictures[1].twin.head == ("from", "queue", "agent")
    for picture in shown.pictures:
        assert strokes(svg(picture)) > 8


@pytest.mark.skipif(
    not {name for name in font_manager.get_font_names() if "CJK" in name}, reason="no font with Chinese letters here"
)
def test_chinese_names_are_drawn_with_a_font_that_has_them(make_folder: MakeFolder, tmp_path: Path) -> None:
    contacts = {"退款": ERLANG_A["contacts"]["all"]}  # type: ignore[index]
    scenario = load(ERLANG_A | {"contacts": contacts, "agents": {"客服": {"skills": ["退款"], "on_duty": 10}},
                                "vip": {"share": "10%"}})  # fmt: skip
    by_type = {p.name: p for p in page(read(make_folder(tmp_path / "cjk", scenario))).pictures}["response-by-type"]
    assert strokes(svg(by_type)) > 8  # a missing glyph is a warning, and a warning an error here

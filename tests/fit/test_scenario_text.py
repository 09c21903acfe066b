from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crestline.fit.document import Document
from crestline.fit.scenario import compose
from crestline.scenario import load

DATA: dict[str, Any] = {
    "schema": 1,
    "name": "no",
    "about": "Words: with # and \"quotes\"",
    "timezone": "Asia/Jerusalem",
    "day": {"start": "07:00", "length": "17h"},
    "demand": {"rate": {"07:00": "29.35/h", "24:00": "3/h"}, "day_factor_cv": "10.3%"},
    "contacts": {
        "12": {
            "share": "60%",
            "handle_time": {"lognormal": {"mean": "185.1s", "cv": "113.6%"}},
            "patience": {"hyperexponential": [{"share": "19%", "mean": "38s"}, {"share": "81%", "mean": "314s"}]},
        },
        "yes": {
            "share": "40%",
            "handle_time": {"empirical": {"quantiles": {"0%": "0s", "100%": "9.5s"}}},
            "patience": "never",
        },
    },
    "agents": {"agents": {"skills": ["12", "yes"], "on_duty": {"07:00": 3}, "availability": "69.4%"}},
    "objectives": ["abandonment < 15%", "service_level 20s >= 45%", "wait p90 < 160s"],
    "load_test": {"level": "120%", "from": "09:30", "for": "2h", "ramp": "10min", "time_scale": 60},
}  # fmt: skip


# What is written reads back as what was meant, names that YAML could take for something else included.
def test_the_text_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "made.yaml"
    path.write_text(compose(Document(DATA, {}), ["made by hand"]), encoding="utf-8")
    assert load(str(path)) == load(DATA)


# Comments stand beside their lines, and every line of the head is one.
def test_comments_stand_beside_their_lines() -> None:
    comments = {("vip",): "served first", ("agents", "agents", "on_duty"): "from the roster"}
    data = {"name": "x", "vip": {"share": "5%"}, "agents": {"agents": {"on_duty": {"08:00": 3}}}}
    assert compose(Document(data, comments), ["one", "two"]).splitlines() == [
        "# one",
        "# two",
        "name: x",
        "",
        f"{'vip: {share: 5%}':<46}  # served first",
        "",
        "agents:",
        "  agents:",
        f"{'    on_duty:':<46}  # from the roster",
        '      "08:00": 3',
    ]


@pytest.mark.parametrize("name", ["true", "1.5", "null", "a-b", "Ö", "08:00"])
def test_any_name_survives(name: str, tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    text = compose(Document({"name": name, name: {"x": name}}, {}), [])
    assert YAML(typ="safe").load(text) == {"name": name, name: {"x": name}}

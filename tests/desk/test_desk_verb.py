from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from crestline.desk.settings import Settings
from crestline.desk.supervisor import Options, supervise
from crestline.errors import UsageError
from crestline.scenario import changed, load
from crestline.verbs import desk

SCENARIO = {
    "name": "tiny",
    "day": {"start": "08:00", "length": "2h"},
    "demand": {"rate": "60/h"},
    "contacts": {
        "order": {"share": "80%", "handle_time": {"constant": "3min"}, "patience": "never"},
        "refund": {
            "share": "20%", "bot": "skip", "queue_limit": 9, "handle_time": {"constant": "3min"}, "patience": "never",
        },
    },
    "triage": {
        "breaker": {},
        "reply_time": {"constant": "12s"},
        "pool": {
            "workers": 2, "at_most": 6, "slots": 4, "scale_out_at": "75%", "step": 2, "start_up": "1min",
            "scale_in_after": "10min",
        },
    },
    "agents": {"all": {"skills": ["order", "refund"], "on_duty": 9}},
}  # fmt: skip


def test_the_settings_are_the_scenario_in_real_seconds() -> None:
    told = desk.settings(load(SCENARIO), 60.0)
    assert len(told.pop("digest")) == 64
    assert told == {
        "time_scale": 60.0,
        "mark": "X-Load-Test",
        "skills": ["order", "refund"],
        "skip_bot": ["refund"],
        "queue_limits": {"order": None, "refund": 9},
        "groups": [{"name": "all", "skills": ["order", "refund"]}],
        "alarm_wait": 0.75,
        "triage": {
            "workers": 2,
            "at_most": 6,
            "slots": 4,
            "scale_out_at": 0.75,
            "step": 2,
            "when_down": "queue",
            "breaker": {"failures": 5, "timeout": 0.5, "open_for": 1.0},
            "start_up": 1.0,
            "scale_in_after": 10.0,
            "tick": 0.5,
            "notice": pytest.approx(5 / 60),
        },
    }


# A drill at another level is the same desk; one with other slots is not.
def test_the_digest_names_what_a_desk_plays_of_a_scenario() -> None:
    scenario = load(SCENARIO)
    digest = desk.settings(scenario, 60.0)["digest"]
    assert desk.settings(changed(scenario, ["load_test.level=150%"]), 60.0)["digest"] == digest
    assert desk.settings(changed(scenario, ["triage.pool.slots=5"]), 60.0)["digest"] != digest


@pytest.mark.parametrize("name", ["monthly-drill", "promotion-day"])
def test_every_desk_of_a_shipped_scenario_accepts_its_settings(name: str) -> None:
    told = desk.settings(load(name), 60.0)
    assert Settings.model_validate(told).model_dump(exclude={"lease"}, mode="json") == told


def test_the_command_of_a_child() -> None:
    assert desk.command(Path("s.json"), allow_faults=True, db=Path("d.db")) == [
        sys.executable, "-m", "crestline.desk", "s.json", "--db", "d.db", "--allow-faults",
    ]  # fmt: skip


def test_a_log_is_kept_only_where_one_can_be(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(json.dumps(desk.settings(load(SCENARIO), 60.0)))
    (tmp_path / "text.db").write_text("this is not a database, and it is long enough to be looked at\n" * 20)
    for name, why in (("no/such.db", "unable to open database file"), ("text.db", "file is not a database")):
        with pytest.raises(UsageError, match=rf"{name}: cannot be opened as a desk's log \({why}\)"):
            supervise(Options(tmp_path / "s.json", db=tmp_path / name))


def test_faults_are_not_allowed_without_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRESTLINE_DESK_TOKEN", raising=False)
    with pytest.raises(UsageError, match="set CRESTLINE_DESK_TOKEN to one of your choice"):
        supervise(Options(Path("s.json"), allow_faults=True))

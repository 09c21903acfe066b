"""What a run cannot tell of its target, and what it leaves there."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crestline import workload
from crestline.live.adapters import DESK
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.report import unseen
from crestline.runs import RunFolder, create
from crestline.scenario import Scenario, load
from crestline.tables import Outcome
from crestline.verbs.tidy import tidy_up
from crestline.verbs.unmeasured import LOAD_ONLY, POLLED, doubled_work, not_measured, not_to_be_judged, remarks

ADAPTERS = """
from crestline.errors import TargetError
from crestline.live.adapters import DESK
from crestline.live.adapters.desk import DeskAdapter


class Bare(DeskAdapter):
    capabilities = DeskAdapter.capabilities._replace(scripted=False, rating=False, export=False)


class Polled(DeskAdapter):
    capabilities = DeskAdapter.capabilities._replace(push=False)


class Tidy(DeskAdapter):
    forgotten = []

    def cleanup(self, run):
        self.forgotten.append(run)


class Stubborn(DeskAdapter):
    def cleanup(self, run):
        raise TargetError("DELETE /tickets: the target answered 403")


class Broken(DeskAdapter):
    def cleanup(self, run):
        raise KeyError(run)
"""
Plans = Callable[[str], Plan]


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The plan of a run whose adapter is one of these."""
    (tmp_path / "some_desks.py").write_text(ADAPTERS, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "some_desks", raising=False)
    return lambda name: Plan("a-run", 1, host="http://127.0.0.1:9", adapter=f"some_desks:{name}")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run of three contacts: two with an id, one that nobody answered."""
    made = create(tmp_path / "runs", load("quick"))
    lines = [{"row": 0, "id": "7", "outcome": 1}, {"row": 1, "id": "8", "outcome": 1}]
    lines.append({"row": 2, "id": "", "outcome": int(Outcome.FAILED)})
    (made.path / "contacts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return made


def records(folder: RunFolder, scenario: Scenario | None = None) -> Records:
    scenario = scenario or load("quick")
    return Records(folder.path, scenario, workload.timeline(scenario, workload.window(scenario)))


# The reference desk tells everything but its pools, as long as the probe has not seen them.
def test_a_target_that_can_do_everything(folder: RunFolder) -> None:
    (folder.path / "probe.csv").write_text(
        "at,ok,service,pool,planned,ready,slots,busy,waiting\n0.1,1,0.001,triage,3,3,9,0,0\n", encoding="utf-8"
    )
    assert not_measured(Plan("a-run", 1), load("quick"), records(folder)) == {}


# Everything else is named, and why; where nobody meets a bot it does not matter what the bot obeys.
def test_a_target_that_can_do_little(plan: Plans, folder: RunFolder) -> None:
    lacks = not_measured(plan("Bare"), load("quick"), records(folder))
    assert list(lacks) == ["satisfaction", "integrity", "agreement", "triage"]
    assert "its outcomes are its own" in lacks["agreement"]
    no_bot = load("quick", ["triage=null", "faults=[]"])
    assert list(not_measured(plan("Bare"), no_bot, records(folder, no_bot))) == ["satisfaction", "integrity"]


# Without agents of the drill's own the target's people may answer: then all is measured but what depends on how many
# they are; where nobody has answered, whatever depends on answers is not.
def test_a_load_without_agents(folder: RunFolder) -> None:
    plan = Plan("a-run", 1, agents=False)
    no_bot = load("quick", ["triage=null", "faults=[]"])
    lacks = not_measured(plan, no_bot, records(folder, no_bot), answered=True)
    assert list(lacks) == ["agreement", "occupancy", "recovery_s", "cost_per_contact"]
    nobody = not_measured(plan, no_bot, records(folder, no_bot), answered=False)
    assert {"frt_p90_s", "agent_frt_p90_s", "wait_probability", "service_level", "abandonment", "occupancy"} < set(
        nobody
    )
    assert not {"error_rate", "rejected", "recontact_rate", "bot_resolution_rate", "throughput_per_h"} & set(nobody)


# Who starts a drill is told beforehand which objectives it cannot judge.
def test_objectives_that_cannot_be_judged(plan: Plans) -> None:
    asked = load("quick", ["objectives=['satisfaction >= 80%', 'frt p90 < 1min', 'recovery <= 5min']"])
    assert not_to_be_judged(asked, DESK, agents=True) == []
    assert not_to_be_judged(asked, plan("Bare").adapter, agents=True) == [
        "satisfaction >= 80%: cannot be judged, the target takes no ratings"
    ]
    (line,) = not_to_be_judged(asked, DESK, agents=False)
    assert line.startswith("recovery <= 5min: cannot be judged, who is at work")


# The target is told to forget the run, and the list of ids goes; else it stays, with the reason.
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Tidy", ""),
        ("Bare", "cannot be told to forget"),
        ("Stubborn", "the target answered 403"),
        ("Broken", "the adapter raised KeyError"),
    ],
)
def test_what_is_left_at_the_target(plan: Plans, folder: RunFolder, name: str, why: str) -> None:
    left = tidy_up(folder, plan(name), records(folder))
    assert left is not None
    assert (left["conversations"], left["unanswered"], left["cleaned"]) == (2, 1, not why)
    assert why in left["why"]
    assert folder.has("created.txt") is bool(why)
    if why:
        assert (folder.path / "created.txt").read_text(encoding="utf-8") == "7\n8\n"
    else:
        assert sys.modules["some_desks"].Tidy.forgotten == ["a-run"]
    assert ("created.txt" in unseen.left_sentence({"left": left})) is bool(why)
    assert "1 more may have been opened" in unseen.left_sentence({"left": left})


# A reference desk that was started for the run takes everything with it.
def test_nothing_is_left_at_a_desk_of_its_own(plan: Plans, folder: RunFolder) -> None:
    folder.write_json("desk.json", {})
    assert tidy_up(folder, plan("Bare"), records(folder)) is None
    assert not folder.has("created.txt")


# Contacts in two hands are told as agents saw them or as the target's log has them, whichever is more.
def test_doubled_work_is_told() -> None:
    can = DeskAdapter.capabilities
    assert doubled_work(None, {}, can) == []
    assert doubled_work({"doubled": 0}, {"doubled_claims": 0}, can) == []
    (sentence,) = doubled_work({"doubled": 2}, {"doubled_claims": 3}, can._replace(atomic_claim=False))
    assert sentence == "doubled work: the target gave 3 contacts to two agents at once, since its claims are not atomic"
    assert "although it declares atomic_claim" in doubled_work({"doubled": 2}, {}, can)[0]


# Of a target that is polled waits are known no finer than it is asked; of a load alone there is no forecast.
def test_how_a_target_was_seen(plan: Plans) -> None:
    assert remarks(Plan("a-run", 1), None, {}) == []
    assert remarks(Plan("a-run", 1, agents=False), None, {}) == [LOAD_ONLY]
    assert remarks(plan("Polled"), None, {"doubled_claims": 1})[0] == POLLED


# One sentence for each reason; what nobody was there for is not named one by one.
def test_what_was_not_measured_in_words() -> None:
    run: dict[str, Any] = {"not_measured": {"satisfaction": "no ratings", "integrity": "no log", "triage": "no log"}}
    assert unseen.sentences(run) == [
        "satisfaction: not measured, no ratings",
        "lost and doubled contacts, the bot's pool: not measured, no log",
    ]
    many = dict.fromkeys(("frt_p50_s", "frt_p90_s", "occupancy", "abandonment", "satisfaction", "wait_p90_s"), "nobody")
    assert unseen.sentences({"not_measured": many}) == ["whatever depends on people who answer: not measured, nobody"]
    assert unseen.value(run, "satisfaction[vip]", "-") == "not measured"
    assert unseen.value(run, "satisfaction", "80 %") == "80 %"
    assert unseen.sentences({}) == []

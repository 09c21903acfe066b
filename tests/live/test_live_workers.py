"""Shares of a run, and what the process that conducts workers makes of what they say; without any worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline import workload
from crestline.errors import CrestlineError
from crestline.live import conductor as conducting
from crestline.live.clock import Clock
from crestline.live.conductor import Conductor
from crestline.live.crowd import ALL_LOST, OwnCrowd, Unfinished
from crestline.live.floor import Floor
from crestline.live.guards import Held
from crestline.live.ledger import Ledger
from crestline.live.load import load
from crestline.live.plan import Plan
from crestline.live.players import players
from crestline.live.records import Records
from crestline.live.reports import ReportedFloor, draw_report
from crestline.live.scene import Scene
from crestline.live.share import conducting_rate, shares
from crestline.live.worker import Part, Worker
from crestline.scenario import Scenario, dump
from crestline.tables import Outcome
from crestline.workload.rows import Rows

Said = list[tuple[str, str, Mapping[str, Any]]]


class Stage:
    """A run with workers who are only heard of, and all that they were told."""

    def __init__(self, folder: Path, scenario: Scenario, workers: int) -> None:
        (folder / "scenario.yaml").write_text(dump(scenario), encoding="utf-8")
        plan = Plan("run", 7, workers=workers)
        plan.write(folder)
        span = workload.window(scenario)
        self.line = workload.timeline(scenario, span)
        self.rows = Rows(workload.sample(scenario, 7, span, day_factor=False))
        self.said: Said = []
        self.scene = self.scene_of(folder, scenario, plan)
        given_to = {f"w{share.number}": share for share in shares(workers, 2000.0, 5000, agents=True)}
        self.conductor = Conductor(self.scene, players(self.scene, given_to), self.tell)

    def scene_of(self, folder: Path, scenario: Scenario, plan: Plan) -> Scene:
        ledger, clock = Ledger(folder, kept_s=0), Clock(self.line.start_s, scenario.load_test.time_scale)
        floor = Floor(self.rows, len(scenario.contacts), 5000, ledger.contact)
        nobody: Callable[..., Any] = lambda *_: None  # noqa: E731
        return Scene("host", scenario, self.line, plan, self.rows, clock, floor, ledger, nobody, nobody, print, 3.0)

    def tell(self, worker: str, what: str, told: Mapping[str, Any]) -> None:
        self.said.append((worker, what, told))

    def elsewhere(self) -> tuple[Scene, ReportedFloor]:
        """The scene and the floor that a worker has."""
        floor = ReportedFloor(self.rows, len(self.scene.contact_names), 2500)
        return replace(self.scene, floor=floor), floor

    def report(self, worker: int, scene: Scene, floor: ReportedFloor, unfinished: Unfinished | None = None) -> None:
        told = draw_report(scene, floor) | {"cpu_share": 0.1, "unfinished": unfinished}
        self.conductor.hear(f"w{worker}", "report", told)

    def row_of(self, worker: int) -> int:
        """The first row whose customer is of a worker's share."""
        return next(
            row for row in self.rows.first_rows if self.conductor.players[worker].share.has(self.rows.customer[row])
        )


@pytest.fixture
def stage(tmp_path: Path, quick: Scenario) -> Iterator[Stage]:
    made = Stage(tmp_path, quick, 2)
    yield made
    made.scene.ledger.close()


@given(st.integers(1, 40), st.lists(st.integers(0, 10**9)), st.floats(1, 1e6), st.integers(1, 10**5), st.booleans())
def test_every_customer_is_of_one_share_and_limits_are_never_exceeded(
    of: int, customers: list[int], rate: float, at_once: int, agents: bool
) -> None:
    given_to = shares(of, rate, at_once, agents=agents)
    assert all(sum(share.has(customer) for share in given_to) == 1 for customer in customers)
    assert sum(share.in_flight for share in given_to) == at_once
    kept = conducting_rate(rate, agents=agents)
    assert math.fsum([kept, *(share.rate for share in given_to)]) <= rate * (1 + 1e-12)


# What the allowed rate held back of a worker's requests is counted once, however often it reports.
def test_requests_held_back_are_those_of_workers_and_of_this_process(stage: Stage) -> None:
    scene, floor = stage.elsewhere()
    for held in (Held(2, 0.5), Held(3, 0.75), Held(3, 0.75)):
        scene.held = lambda held=held: held  # type: ignore[misc]
        stage.report(0, scene, floor)
    stage.scene.held = lambda: Held(1, 0.25)
    figures = load(stage.scene, stage.conductor, cpu_share=0.0, unfinished=Unfinished(0, 0.0), stopped_by="")
    scale = stage.scene.clock.time_scale
    assert (figures["held_back"], figures["held_back_s"]) == (4, pytest.approx(scale))


# What agents do is told to whoever plays the customer, and to nobody else.
def test_an_agents_deeds_go_to_the_customers_worker(stage: Stage) -> None:
    mine, other = stage.row_of(1), stage.row_of(0)
    floor = stage.scene.floor
    floor.take(mine, 0, 1.0, math.nan, is_own=True, conversation="7")
    floor.resolve(mine, 2.0)
    floor.pass_on(other, 3.0)
    assert [(worker, what, told["row"]) for worker, what, told in stage.said] == [
        ("w1", "take", mine), ("w1", "resolve", mine), ("w0", "pass_on", other),
    ]  # fmt: skip


# A stranger's contact may have a number that a contact of this run has, too: only its customer's worker can tell.
def test_a_strangers_contact_ends_the_run(stage: Stage) -> None:
    scene, floor = stage.elsewhere()
    worker = Worker(lambda *_: (scene, floor), partial(stage.conductor.hear, "w1"))
    crowd: Any = SimpleNamespace()
    worker.part = Part(scene, floor, crowd, ExitStack())
    contact = floor.enter(stage.row_of(1), 0.5)
    contact.id = "7"
    take = {"what": "take", "row": contact.row, "group": 0, "at": 1.0, "freed": math.nan, "is_own": True}
    worker.hear("take", take | {"conversation": "7"})
    assert (contact.first_group, stage.conductor.trouble()) == (0, "")
    worker.hear("take", take | {"conversation": "8", "group": 1})
    assert contact.first_group == 0
    assert stage.conductor.trouble() == "an agent was given conversation 8, which is not of this run"


# Whatever was counted at a worker is counted once, and every contact is written as one process would have done.
def test_reports_add_up_to_what_one_process_counts(stage: Stage, tmp_path: Path, quick: Scenario) -> None:
    ended: list[tuple[int, int]] = []
    for worker in (0, 1, 0, 1):
        scene, floor = stage.elsewhere()
        row = stage.row_of(worker) if worker not in {w for w, _ in ended} else stage.row_of(worker) + 10
        contact = floor.enter(row, 0.5)
        contact.sent, contact.queued = 0.501, 0.7
        floor.tally.sent += 1
        floor.tally.late.append(0.001)
        floor.queue(contact, 0)
        stage.report(worker, scene, floor)
        assert stage.scene.floor.longest_wait((0,), 1.0) == pytest.approx(0.3)
        floor.take(row, 0, 1.0, 0.9, is_own=True, conversation="7")
        floor.resolve(row, 1.5)
        floor.leave(contact)
        stage.report(worker, scene, floor)
        stage.report(worker, scene, floor)
        ended.append((worker, row))
        assert stage.scene.floor.waiting == 0
    tally = stage.scene.floor.tally
    assert (tally.planned, tally.sent, tally.late, tally.ended) == (4, 4, [0.001] * 4, {Outcome.AGENT_RESOLVED: 4})
    assert tally.hand_over == pytest.approx([0.1] * 4)
    assert Records(tmp_path, quick, stage.line).outcomes().row.tolist() == sorted(row for _, row in ended)


# A worker that falls silent is lost with its share and its place in the queues; the others go on.
def test_a_silent_worker_is_lost(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.conductor.begin()
    scene, floor = stage.elsewhere()
    contact = floor.enter(stage.row_of(1), 0.5)
    contact.queued = 0.6
    floor.queue(contact, 0)
    stage.report(1, scene, floor)
    monkeypatch.setattr(conducting, "SILENT", math.inf)
    assert (stage.conductor.trouble(), stage.conductor.workers, stage.scene.floor.waiting) == ("", 2, 1)
    stage.conductor.players[1].heard -= 100
    monkeypatch.setattr(conducting, "SILENT", 50.0)
    assert (stage.conductor.trouble(), stage.conductor.workers, stage.scene.floor.waiting) == ("", 1, 0)
    planned = sum(stage.conductor.players[1].share.has(stage.rows.customer[row]) for row in stage.rows.first_rows)
    (said,) = stage.conductor.lost
    assert "worker 2 of 2 was lost" in said
    assert f"its share of {stage.conductor.players[1].customers:,} planned customers" in said
    assert 0 < stage.conductor.players[1].customers <= planned
    stage.conductor.players[0].heard -= 100
    assert (stage.conductor.trouble(), stage.conductor.workers) == (ALL_LOST, 0)


# A lost worker that is heard of again has missed what agents did: it is told to quit, and what it says counts no more.
def test_a_worker_that_comes_back_is_refused(stage: Stage) -> None:
    scene, floor = stage.elsewhere()
    floor.enter(stage.row_of(0), 0.5)
    stage.conductor.players[0].lost = True
    stage.report(0, scene, floor)
    assert [(worker, what) for worker, what, _ in stage.said] == [("w0", "refused")]
    assert stage.scene.floor.tally.planned == 0


# A worker that closes before it is asked to has not played its share.
def test_a_worker_that_ends_early_is_lost(stage: Stage) -> None:
    scene, floor = stage.elsewhere()
    stage.report(0, scene, floor, Unfinished(3, 1.5))
    assert stage.conductor.workers == 1
    assert "it ended before the run did" in stage.conductor.lost[0]


# A worker that was stopped and goes on does not send what is overdue in one rush: it says that it cannot be trusted.
def test_a_worker_that_was_held_up_does_not_catch_up(stage: Stage) -> None:
    scene, floor = stage.elsewhere()
    scene.clock.set_zero(-60.0)
    crowd = OwnCrowd(scene, {}, stage.conductor.players[0].share)
    crowd.begin()
    gevent.sleep(0.01)
    assert crowd.trouble() == "it was held up for more than 3 s"
    assert floor.tally.planned == 0
    crowd.close()


# Clocks that differ by less than the way there and back are one clock; others are set against each other.
@pytest.mark.parametrize(("ahead", "offset"), [(0.0, 0.0), (1000.0, 1000.0), (-5.0, -5.0)])
def test_workers_clocks_are_compared(
    stage: Stage, ahead: float, offset: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crestline.live.conductor.time.monotonic", lambda: 50.004)
    for way in (0.004, 2.0):
        stage.conductor.hear("w0", "tock", {"sent": 50.004 - way, "now": 50.001 + ahead})
    assert stage.conductor.players[0].offset == pytest.approx(offset, abs=0.002)
    assert (stage.conductor.players[0].offset == 0.0) == (offset == 0.0)


# What a worker cannot play is said before anything is played.
def test_a_worker_that_cannot_play_ends_the_run_before_it_begins(stage: Stage) -> None:
    stage.conductor.players[0].ready = True
    stage.conductor.hear("w1", "failed", {"why": "adapter 'shop:Desk': cannot be loaded"})
    with pytest.raises(CrestlineError, match=r"worker 2 of 2 was lost \(adapter 'shop:Desk': cannot be loaded\)"):
        stage.conductor.prepare()


# A worker whose clock is not known would be given a zero that is none.
def test_a_worker_that_does_not_tell_its_clock_ends_the_run_before_it_begins(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "ANSWER", 0.0)
    for player in stage.conductor.players:
        player.ready = True
    stage.conductor.players[0].ticks = 1
    with pytest.raises(CrestlineError, match="worker 2 of 2: did not tell its clock"):
        stage.conductor.prepare()


# A run that ends before the shares were ready waits for nobody.
def test_who_was_never_ready_has_nothing_to_close(stage: Stage) -> None:
    assert stage.conductor.close() == Unfinished(0, 0.0)
    assert [what for _, what, _ in stage.said] == ["close", "close"]
    assert stage.conductor.lost == ()


# Whatever goes wrong while a share is closed, its resources are let go of, and the worker can play the next one.
def test_a_share_that_cannot_be_closed_does_not_hold_up_the_next(stage: Stage) -> None:
    def breaks() -> None:
        raise OSError("no space left")

    closed: list[bool] = []
    closing = ExitStack()
    closing.callback(closed.append, True)
    scene, floor = stage.elsewhere()
    worker = Worker(lambda *_: (scene, floor), lambda *_: None)
    crowd: Any = SimpleNamespace(close=breaks)
    worker.part = Part(scene, floor, crowd, closing)
    worker.end()
    worker.end()
    assert closed == [True]

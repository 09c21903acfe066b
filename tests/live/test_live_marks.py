"""How a target knows a live run: the mark on requests, names of customers, and a trace for every contact."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline.errors import ScenarioError, TargetError
from crestline.live.adapters import DESK, Answer
from crestline.live.marks import check_mark, traceparent
from crestline.live.transport import Transport, transport
from crestline.runs import RunFolder
from crestline.scenario import Scenario, load
from crestline.scenario.mark import Mark
from crestline.tables import Outcomes
from crestline.verbs.target import check_target

W3C = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01")


def test_a_contact_has_one_trace_and_no_other_contact_has_it() -> None:
    """What W3C Trace Context asks for, and the same in every process that knows run and row."""
    traces = [traceparent(run, row) for run in ("monday", "tuesday") for row in range(500)]
    assert all(W3C.fullmatch(trace) for trace in traces)
    assert len({trace.split("-")[1] for trace in traces}) == len({trace.split("-")[2] for trace in traces}) == 1000
    assert traceparent("monday", 7) == traces[7]


@pytest.mark.parametrize(
    ("marked", "header"),
    [
        ("", ("X-Load-Test", "run-1")),
        ("load_test.mark={header: X-Shadow, value: 'yes, {run}'}", ("X-Shadow", "yes, run-1")),
    ],
)
def test_every_way_to_a_target_has_the_mark(marked: str, header: tuple[str, str]) -> None:
    """Beside the headers that the scenario has for all requests."""
    scenario = load("quick", [*filter(None, [marked]), "load_test.headers={X-Team: a}"])
    way = transport(scenario, "http://127.0.0.1:1", "run-1")
    assert dict(way.headers) == {"X-Team": "a", header[0]: header[1]}


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("headers={x-load-test: a}", "headers.x-load-test: this header is the mark's (load_test.mark); leave it out"),
        ("headers={Traceparent: a}", "headers.Traceparent: this header says which contact a request is of"),
        ("mark.header=Host", "mark.header: got 'Host', which every request says for itself"),
        ("mark.value=${SECRET}", "mark.value: a mark is there to be seen"),
        ("mark.prefix=''", "mark.prefix: got '', expected text of printable ASCII characters"),
        ("mark.probe={path: v1/mark}", "mark.probe.path: got 'v1/mark', expected a path at the target"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_in_words(key: str, words: str) -> None:
    """At the key that is wrong."""
    with pytest.raises(ScenarioError, match=re.escape(f"load_test.{words}")):
        load("quick", [f"load_test.{key}"])


class Asked:
    """A target that gives one answer, and keeps what it was asked for."""

    way = Transport("")

    def __init__(self, answer: Answer) -> None:
        self.answer, self.paths = answer, list[str]()

    def request(self, method: str, path: str, **_: Any) -> Answer:
        assert method == "GET"
        self.paths.append(path)
        return self.answer

    def record(self, name: str, seconds: float, error: Exception | None = None) -> None: ...


PROBED = Mark.model_validate({"probe": {"path": "/mark"}})
SHADOW = Mark.model_validate({"probe": {"path": "/mark", "expect": "shadow"}})


@pytest.mark.parametrize(
    ("mark", "answer"),
    [
        (PROBED, Answer(200, {"mark": "run-1"})),
        (PROBED, Answer(204, None, {"x-load-test-seen": "run-1"})),
        (SHADOW, Answer(200, "routed to shadow tables")),
    ],
)
def test_a_target_that_honours_the_mark_is_played_against(mark: Mark, answer: Answer) -> None:
    """It says so in its answer, be it in a header or in the body."""
    asked = Asked(answer)
    check_mark(asked, mark, "run-1")
    assert asked.paths == ["/mark"]


@pytest.mark.parametrize(
    ("mark", "answer", "why"),
    [
        (PROBED, Answer(404, "no such page"), "GET /mark was answered 404"),
        (PROBED, Answer(302, None, {"location": "/login?for=run-1"}), "GET /mark was answered 302"),
        (PROBED, Answer(200, {"mark": None}), "the answer to GET /mark does not hold 'run-1'"),
        (SHADOW, Answer(200, "run-1"), "the answer to GET /mark does not hold 'shadow'"),
    ],
)
def test_a_target_that_does_not_is_refused_in_one_line(mark: Mark, answer: Answer, why: str) -> None:
    """The line names the mark, and why the target does not seem to honour it."""
    with pytest.raises(TargetError) as refused:
        check_mark(Asked(answer), mark, "run-1")
    assert str(refused.value) == (
        f"load_test.mark: the target does not honour 'X-Load-Test: run-1' ({why}); "
        "teach it to, or leave load_test.mark.probe out"
    )


def test_without_a_probe_nothing_is_asked() -> None:
    """That is how it is unless the scenario asks for it."""
    asked = Asked(Answer(404, None))
    check_mark(asked, load("quick").load_test.mark, "run-1")
    assert asked.paths == []


def test_a_target_is_asked_before_a_drill(quick: Scenario, desk: tuple[str, str]) -> None:
    """The reference desk honours the mark, and what it says elsewhere does not count."""
    calm = quick.model_copy(update={"faults": ()})

    def with_probe(path: str) -> Scenario:
        marked = calm.load_test.model_copy(update={"mark": Mark.model_validate({"probe": {"path": path}})})
        return calm.model_copy(update={"load_test": marked})

    assert check_target(with_probe("/v1/mark"), desk[0], DESK).url == desk[0]
    with pytest.raises(TargetError, match="the answer to GET /livez does not hold 'check'"):
        check_target(with_probe("/livez"), desk[0], DESK)


def outcomes(rows: int, traces: int | None) -> Outcomes:
    columns: dict[str, Any] = {name: np.zeros(rows) for name in Outcomes.meanings()} | {"row": np.arange(rows)}
    carried = None if traces is None else np.array([traceparent("r", row) for row in range(traces)], dtype=np.bytes_)
    return Outcomes(**columns, contacts=("order",), groups=("all",), traceparent=carried)


def test_traces_are_kept_with_the_outcomes(tmp_path: Path) -> None:
    """Through a selection of rows, a file and back; simulated worlds have none."""
    folder = RunFolder(tmp_path)
    folder.write_table("outcomes", outcomes(5, 5).take(np.array([4, 2])))
    folder.write_table("same_rows", outcomes(5, None))
    kept = folder.read_table("outcomes", Outcomes)
    assert kept.traceparent is not None
    assert [trace.decode() for trace in kept.traceparent] == [traceparent("r", 4), traceparent("r", 2)]
    assert (kept.contacts, kept.groups) == (("order",), ("all",))
    assert folder.read_table("same_rows", Outcomes).traceparent is None
    with pytest.raises(ValueError, match="traceparent differs in length"):
        outcomes(5, 4)

"""Who may be loaded, and what stops a run."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline.errors import TargetError
from crestline.live.adapters import Capabilities
from crestline.live.guards import Guards, Meter, check_host, check_rate, check_target, check_unasked, peak_rate
from crestline.live.hosts import target_of
from crestline.live.lock import only_drill
from crestline.scenario import LoadTest
from crestline.tables import Outcome


@pytest.mark.parametrize("host", ["http://127.0.0.1:80", "http://localhost", "http://[::1]:8000", "https://127.8.9.1"])
def test_this_machine_may_be_loaded(host: str) -> None:
    """Loopback in any spelling is allowed."""
    check_host(host, ())


@pytest.mark.parametrize("host", ["http://10.0.0.1", "https://example.org", "http://127.0.0.1.example.org"])
def test_other_hosts_are_refused(host: str) -> None:
    """A host that the scenario does not name is refused, and the message says where to name it."""
    with pytest.raises(TargetError, match="allowed_hosts"):
        check_host(host, ("staging.example",))


def test_a_host_that_the_scenario_names_may_be_loaded() -> None:
    """With or without its port."""
    check_host("https://staging.example:8443/desk", ("staging.example",))
    check_host("http://10.0.0.1:8000", ("10.0.0.1:8000",))


def test_another_machine_is_loaded_only_if_somebody_says_so() -> None:
    """Where nobody can be asked; this machine needs no word, and one that is not allowed gets none."""
    check_unasked("http://127.0.0.1:8000", ())
    with pytest.raises(TargetError, match=r"another machine and there is nobody to ask; add --yes"):
        check_unasked("https://staging.example", ["staging.example"])
    with pytest.raises(TargetError, match="allowed_hosts"):
        check_unasked("https://staging.example", ())


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    """They would be in files and lists of processes; an address with an @ behind its host is none of the kind."""
    for host in ("https://ann:hunter2@staging.example", "http://hunter2@127.0.0.1:8000", "ftp://a:hunter2@x"):
        with pytest.raises(TargetError, match="without user and password") as refused:
            check_host(host, ("staging.example",))
        assert "hunter2" not in str(refused.value)
    check_host("http://127.0.0.1:8000/@desk", ())


@pytest.mark.parametrize(
    ("host", "target"),
    [
        ("http://127.0.0.1:8000", "loopback-8000"),
        ("http://localhost:8000/desk", "loopback-8000"),
        ("http://[::1]:8000", "loopback-8000"),
        ("https://Staging.example", "staging.example-443"),
        ("http://[2001:db8::1]", "2001_db8__1-80"),
    ],
)
def test_one_target_has_one_name_however_it_is_spelled(host: str, target: str) -> None:
    """The name of its lock."""
    assert target_of(host) == target


def test_a_target_is_drilled_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second is told who was first; another target is free, and so is this one afterwards."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with only_drill("http://127.0.0.1:8000"):
        with pytest.raises(TargetError, match=rf"process {os.getpid()}, begun 20.* UTC, drills it already"):
            only_drill("http://localhost:8000").__enter__()
        with only_drill("http://127.0.0.1:8001"):
            pass
    with only_drill("http://localhost:8000"):
        pass


def test_a_folder_for_locks_that_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a lock there is no drill."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    with pytest.raises(TargetError, match="cannot be used for the locks"):
        only_drill("http://127.0.0.1:8000").__enter__()


def test_what_is_no_address_is_refused() -> None:
    """A host without scheme would be sent nowhere."""
    with pytest.raises(TargetError, match="expected an address"):
        check_host("127.0.0.1:80", ())


def test_the_peak_is_the_busiest_second() -> None:
    """Any second, not only those that begin on a whole one."""
    assert peak_rate([0.0, 0.6, 1.2, 1.5, 3.0]) == 3
    assert peak_rate([]) == 0


def test_a_plan_over_the_allowed_rate_is_refused() -> None:
    """Before the start, since it would be exceeded for certain."""
    with pytest.raises(TargetError, match="time_scale"):
        check_rate([0.0, 0.1, 0.2], 2.0)


def test_a_target_has_to_keep_runs_apart_and_to_know_the_faults() -> None:
    """Each of the three refusals, and none."""
    able = Capabilities(by_run=True, faults=("triage-outage",))
    check_target(["triage-outage"], able, "token")
    for kinds, can, token in (
        ([], Capabilities(), ""),
        (["platform-outage"], able, "token"),
        (["triage-outage"], able, ""),
    ):
        with pytest.raises(TargetError):
            check_target(kinds, can, token)


def guards_of(folder: Path, **changes: object) -> Guards:
    """The guards of a run in which a scenario second is a real one."""
    test = LoadTest.model_validate({"from": "10:00", "for": "1h", "time_scale": 1} | changes)
    return Guards(folder, test, Counter({"POST /tickets: the target answered 500": 3, "poll: no answer": 1}))


def test_a_stop_file_stops(tmp_path: Path) -> None:
    """A file named ``stop`` in the run folder."""
    guards = guards_of(tmp_path)
    assert guards.reason("", 0.0) == ""
    (tmp_path / "stop").touch()
    assert guards.reason("", 0.0) == "stop file"


def test_a_run_is_stopped_at_its_deadline(tmp_path: Path) -> None:
    """In real time since the run's zero; without a deadline never."""
    guards = guards_of(tmp_path, deadline="20min")
    assert guards.reason("", 1199.9) == ""
    assert guards.reason("", 1200.0) == "deadline of 20 min"
    assert guards_of(tmp_path).reason("", 1e9) == ""


def test_too_many_failed_contacts_stop_and_their_cause_is_named(tmp_path: Path) -> None:
    """Of the last hundred, more than half; fewer that have ended say nothing yet."""
    guards = guards_of(tmp_path, error_budget={"grace": "0s"})
    guards.latest.extend([Outcome.FAILED] * 99)
    assert guards.reason("", 1.0) == ""
    guards.latest.extend([Outcome.BOT_RESOLVED] * 50)
    assert guards.reason("", 1.0) == "", "a half is within the budget"
    guards.latest.extend([Outcome.FAILED] * 51)
    cause = "POST /tickets: the target answered 500"
    assert guards.reason("", 1.0) == f"error budget: 51 of the latest 100 contacts failed, mostly: {cause}"


def test_what_fails_in_a_time_of_grace_is_forgotten(tmp_path: Path) -> None:
    """At the start, during a fault, and for a while after it; not a moment longer."""
    guards = guards_of(tmp_path, error_budget={"share": "10%", "of": 10, "grace": "60s"})
    told = []
    for fault, now in (("", 59.9), ("", 60.0), ("platform-outage", 100.0), ("", 159.9), ("", 160.0)):
        guards.latest.extend([Outcome.FAILED] * 10)
        told.append(guards.reason(fault, now).partition(":")[0])
    assert told == ["", "error budget", "", "", "error budget"]


def test_the_end_of_a_run_is_asked_for_its_failures_too(tmp_path: Path) -> None:
    """Contacts that no one answered fail as the run closes: they count unless a fault explains them."""
    guards = guards_of(tmp_path, error_budget={"of": 10, "grace": "60s"})
    guards.latest.extend([Outcome.FAILED] * 10)
    assert guards.last_reason("platform-outage", 100.0) == ""
    assert guards.last_reason("", 10.0) == ""
    assert guards.last_reason("", 100.0).startswith("error budget: 10 of the latest 10")


def test_a_second_s_worth_may_come_at_once_and_no_more() -> None:
    """Ten a second: ten at once, the eleventh a tenth of a second later."""
    meter = Meter(10.0)
    assert [meter.admit(0.0) for _ in range(12)] == pytest.approx([0.0] * 10 + [0.1, 0.2])
    assert meter.admit(5.0) == 0.0
    assert meter.count == 13
    assert meter.held.requests == 2
    assert meter.held.seconds == pytest.approx(0.3)


@given(st.lists(st.floats(min_value=0, max_value=10), min_size=1, max_size=60), st.integers(1, 20))
def test_the_rate_is_never_exceeded_for_long(asked: list[float], rate: int) -> None:
    """Whenever requests are asked for, no stretch of time has more than its rate and one second's worth on top."""
    meter = Meter(float(rate))
    sent = sorted(at + meter.admit(at) for at in sorted(asked))
    for first, since in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= rate * (sent[last] - since + 1) + 1e-6

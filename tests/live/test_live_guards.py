"""Who may be loaded, and what stops a run."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline.errors import GuardStop, TargetError
from crestline.live.adapters import Capabilities
from crestline.live.floor import LATEST
from crestline.live.guards import Guards, Meter, check_host, check_rate, check_target, peak_rate
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
    with pytest.raises(GuardStop, match="time_scale"):
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


def test_a_stop_file_stops(tmp_path: Path) -> None:
    """A file named ``stop`` in the run folder."""
    guards = Guards(tmp_path)
    assert guards.reason(deque(), "") == ""
    (tmp_path / "stop").touch()
    assert guards.reason(deque(), "") == "stop file"


def test_too_many_failed_contacts_stop_unless_a_fault_explains_them(tmp_path: Path) -> None:
    """Of the last hundred, more than half."""
    guards = Guards(tmp_path)
    latest = deque([Outcome.FAILED] * LATEST, maxlen=LATEST)
    assert guards.reason(latest, "platform-outage") == ""
    assert guards.reason(latest, "") == "", "what failed during the fault is forgotten"
    latest.extend([Outcome.BOT_RESOLVED] * 50 + [Outcome.FAILED] * 50)
    assert guards.reason(latest, "") == ""
    latest.append(Outcome.FAILED)
    assert guards.reason(latest, "") == "error budget"


def test_a_second_s_worth_may_come_at_once_and_no_more() -> None:
    """Ten a second: ten at once, the eleventh a tenth of a second later."""
    meter = Meter(10.0)
    assert [meter.admit(0.0) for _ in range(12)] == pytest.approx([0.0] * 10 + [0.1, 0.2])
    assert meter.admit(5.0) == 0.0
    assert meter.count == 13


@given(st.lists(st.floats(min_value=0, max_value=10), min_size=1, max_size=60), st.integers(1, 20))
def test_the_rate_is_never_exceeded_for_long(asked: list[float], rate: int) -> None:
    """Whenever requests are asked for, no stretch of time has more than its rate and one second's worth on top."""
    meter = Meter(float(rate))
    sent = sorted(at + meter.admit(at) for at in sorted(asked))
    for first, since in enumerate(sent):
        for last in range(first, len(sent)):
            assert last - first + 1 <= rate * (sent[last] - since + 1) + 1e-6

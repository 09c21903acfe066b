"""Every connection is an open file: what the system allows is taken, and what is too little is refused."""

from __future__ import annotations

import resource

import pytest

from crestline import workload
from crestline.errors import UsageError
from crestline.live.files import allow_files, most_slots
from crestline.scenario import load

UNBOUNDED = resource.RLIM_INFINITY


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The soft and the hard limit, to be set by a test; the last is in force."""
    told = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _: told[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _, wanted: told.append(wanted))
    return told


def test_all_that_the_system_allows_is_taken(limits: list[tuple[int, int]]) -> None:
    """As many as the hard limit says; without one, as many as are needed and many besides."""
    allow_files(3_000)
    assert limits[-1] == (4096, 4096)
    limits.append((256, UNBOUNDED))
    allow_files(3_000)
    assert limits[-1] == (65_536, UNBOUNDED)


def test_too_few_are_refused_before_the_start(limits: list[tuple[int, int]]) -> None:
    """The message names the limit, what is needed, and what to do."""
    with pytest.raises(UsageError, match="open files") as told:
        allow_files(5_000)
    assert str(told.value) == (
        "open files: this run may need 5,100 at once, and the system allows a process 4,096 (ulimit -Hn); "
        "raise that to 5100 (ulimit -n as root, LimitNOFILE= of a service, --ulimit nofile= of a container), "
        "spread the customers with --workers, or lower load_test.level"
    )
    assert limits == [(1024, 4096)]


def test_slots_are_those_of_the_fullest_shifts_and_of_standby() -> None:
    """Two slots of the fuller shift, and two standby persons with as many chats each."""
    kind = {"share": 1.0, "handle_time": {"constant": "1min"}, "patience": "never"}
    group = {"skills": ["all"], "on_duty": {"00:00": 1, "01:00": 2, "02:00": 1}, "chats": 3}
    rule = {"call_when": "longest_wait > 30s", "call_in": "1min", "release_after": "1h"}
    scenario = load({
        "schema": 1, "name": "shifts", "day": {"start": "00:00", "length": "3h"}, "demand": {"rate": "60/h"},
        "contacts": {"all": kind}, "agents": {"all": group}, "standby": {"group": "all", "agents": 2} | rule,
    })  # fmt: skip
    assert most_slots(scenario, workload.timeline(scenario, workload.window(scenario))) == (2 + 2) * 3

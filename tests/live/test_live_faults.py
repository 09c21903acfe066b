"""Faults in a live run: what they do to agents and customers, when they count, and that none is left behind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Target, Tell, Told

OUTAGE = {"kind": "triage-outage", "at": "00:03", "for": "5min"}
STALL = {"kind": "platform-outage", "at": "00:02", "for": "30min"}
RETRY = {"after": {"abandoned": "1%"}, "delay": {"constant": "5min"}, "at_most": 1}


def lines(told: Told) -> list[dict[str, Any]]:
    """The last line of each fault."""
    text = (told.records.folder / "faults.jsonl").read_text("utf-8")
    last = {line["index"]: line for line in map(json.loads, text.splitlines())}
    return [last[index] for index in sorted(last)]


def test_agents_are_slow_for_what_they_claim_meanwhile(tell: Tell, row: MakeRow) -> None:
    """Two minutes of handling take four for the first, who is claimed within the fault, and two for the second."""
    slow = {"kind": "slow-agents", "at": "00:01", "for": "3min", "factor": 2}
    told = tell(row(at=1, handle=2), row(at=5, handle=2), faults=[slow])
    assert [(line["claimed"], line["ended"]) for line in told.lines()] == [(2, 6), (7, 9)]
    (line,) = lines(told)
    assert line["verified"] == "1 contacts were claimed by agents who take longer"


def test_other_groups_are_not_slow(tell: Tell, row: MakeRow) -> None:
    """A group that nobody belongs to cannot be named, so the fault of the only group is the whole."""
    slow = {"kind": "slow-agents", "at": "00:01", "for": "3min", "factor": 2, "group": "all"}
    assert tell(row(at=1, handle=2), faults=[slow]).lines()[0]["ended"] == 6


def test_who_leaves_in_a_storm_comes_back_after_its_delay(tell: Tell, row: MakeRow) -> None:
    """It leaves at minute 5 and is back at minute 6, as the storm says, not at 10, as usual."""
    storm = {"kind": "retry-storm", "at": "00:03", "for": "4min", "share": "90%", "delay": "1min"}
    leaves, back = row(at=1, patience=2, again_u=0.6), row(at=5, attempt=1)
    told = tell(row(at=1, handle=8), leaves, back, faults=[storm], recontact=RETRY)
    assert [line["planned"] for line in told.lines()] == [1, 2, 6]
    (line,) = lines(told)
    assert line["verified"] == "1 customers without help came back at once"


def test_a_fault_counts_when_it_shows(tell: Tell, row: MakeRow, target: Target) -> None:
    """The target says that it suffers and its pool is short: both edges stand there, and how they were seen."""
    target.obeys = True
    (line,) = lines(tell(row(at=1), target=target, faults=[OUTAGE]))
    assert line["verified"] == "the probe saw 0 of 1 members of pool triage ready"
    assert line["undone"] == "its health was answered, 1 of 1 in pool triage"
    assert line["planned"] <= line["effective"] < line["healed"]
    assert target.healed == []


def test_a_bot_that_is_given_up_on_is_slow(tell: Tell, row: MakeRow, target: Target) -> None:
    """A target with a circuit breaker lets few try a slow bot and waits for few replies: as many as open it tell."""
    slow = {"kind": "triage-brownout", "at": "00:02", "for": "6min", "how": "slow", "factor": 9}
    pool = {"workers": 1, "at_most": 1, "slots": 9, "start_up": "30s"}
    guarded = {"reply_time": {"constant": "10s"}, "pool": pool, "breaker": {"failures": 3}}
    target.obeys, target.bot_replies = True, False
    told = tell(row(at=3, handle=0), *[row(at=1, handle=0)] * 2, target=target, triage=guarded, faults=[slow])
    assert [sorted(line) for line in told.lines()] == [["claimed", "ended", "is", "planned", "queued"]] * 3
    (line,) = lines(told)
    assert line["verified"] == "3 of 3 replies of the bot came late or not at all"


def test_a_fault_that_does_not_show_has_not_struck(tell: Tell, row: MakeRow, target: Target) -> None:
    """The target says that it suffers, and nothing is to be seen of it: no effect is written down, but the reason."""
    target.obeys, target.shows = True, False
    told = tell(row(at=1), target=target, faults=[OUTAGE])
    (line,) = lines(told)
    assert "effective" not in line
    assert line["error"] == "not seen to take effect: no pool was short of members"
    (seen,) = told.records.faults()
    assert seen.effective_s != seen.effective_s
    assert told.records.faults_seen() == [None]


def test_a_target_that_stays_ill_is_not_over_it(
    tell: Tell, row: MakeRow, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that the fault has healed, and its pool is still short: what is seen counts."""
    monkeypatch.setattr("crestline.live.faults.at_target.SPARE", 0.2)
    target.obeys = target.stays_short = True
    told = tell(row(at=1), target=target, faults=[OUTAGE | {"for": "1min"}])
    (line,) = lines(told)
    assert line["error"] == "not seen to be over by its time"
    assert "undone" not in line


def test_what_struck_last_is_undone_first(tell: Tell, row: MakeRow, target: Target) -> None:
    """A run that is ended by hand while two faults are in force takes them back in reverse order."""
    target.obeys = True
    lasting = [OUTAGE | {"for": "6min"}, STALL | {"for": "7min"}]
    tell(row(at=1), target=target, faults=lasting, stop_after=4)
    assert target.healed == ["triage-outage", "platform-outage"]
    assert not target.is_ill

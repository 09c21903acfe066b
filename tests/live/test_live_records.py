"""A run folder read back: real seconds become scenario seconds, and what is not whole is left out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crestline import workload
from crestline.live.floor import Contact
from crestline.live.ledger import CONTACTS, Ledger
from crestline.live.records import Records
from crestline.scenario import Scenario
from crestline.tables import Outcome


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """The open files of a run."""
    files = Ledger(tmp_path, kept_s=0)
    yield files
    files.close()


@pytest.fixture
def records(tmp_path: Path, quick: Scenario) -> Records:
    """The same folder, read back; zero is at 10:03, and a real second is a minute."""
    return Records(tmp_path, quick, workload.timeline(quick, workload.window(quick)))


def resolved(row: int = 0, **changes: Any) -> Contact:
    """A contact that an agent resolved."""
    made = Contact(
        row, row, 0, 0, False, 1.0, sent=1.001, bot_reply=1.1, queued=1.1, claimed=1.5, served=1.5, ended=2.5
    )
    made.outcome, made.group, made.first_group, made.rating, made.skill = Outcome.AGENT_RESOLVED, 0, 0, 1, 0
    return replace(made, **changes) if changes else made


def test_instants_are_scenario_seconds_since_the_day_began(ledger: Ledger, records: Records) -> None:
    """Zero is the window's start, one real second is ``time_scale`` scenario seconds, NaN stays NaN."""
    ledger.contact(resolved().fields())
    outcomes = records.outcomes()
    start = records.timeline.start_s
    assert outcomes.planned_s.tolist() == [start + 60]
    assert outcomes.claimed_s.tolist() == [start + 90]
    assert outcomes.ended_s.tolist() == [start + 150]
    assert math.isnan(outcomes.passed_s[0])
    assert (outcomes.outcome[0], outcomes.group[0], outcomes.rating[0]) == (Outcome.AGENT_RESOLVED, 0, 1)
    assert outcomes.contacts == tuple(records.scenario.contacts)


def test_rows_come_back_in_order(ledger: Ledger, records: Records) -> None:
    """They were written as they ended."""
    for row in (3, 1, 2):
        ledger.contact(resolved(row).fields())
    assert records.outcomes().row.tolist() == [1, 2, 3]


def test_a_last_line_that_is_not_whole_is_left_out(ledger: Ledger, records: Records, tmp_path: Path) -> None:
    """A killed run leaves half a line behind."""
    ledger.contact(resolved(0).fields())
    ledger.contact(resolved(1).fields())
    whole = (tmp_path / CONTACTS).read_text()
    (tmp_path / CONTACTS).write_text(whole[: len(whole) - 20])
    assert records.outcomes().row.tolist() == [0]


def test_an_empty_folder_is_a_run_without_contacts(records: Records) -> None:
    """Nothing was written yet."""
    assert len(records.outcomes()) == len(records.pools()) == len(records.probe().time_s) == 0
    assert records.load() is None
    assert records.faults_seen() == [None]


def test_contacts_under_way_count_until_they_have_ended(ledger: Ledger, records: Records) -> None:
    """Asked in the middle, a run has open contacts; their last line is the one that counts."""
    ledger.contact(resolved(0).fields())
    ledger.under_way([resolved(0).fields(), Contact(1, 1, 0, 0, False, 1.0).fields()])
    assert records.outcomes().outcome.tolist() == [Outcome.AGENT_RESOLVED, Outcome.OPEN]
    ledger.contact(resolved(1).fields())
    assert records.outcomes().outcome.tolist() == [Outcome.AGENT_RESOLVED, Outcome.AGENT_RESOLVED]


def test_slots_are_ready_from_login_and_busy_from_claim_to_done(ledger: Ledger, records: Records) -> None:
    """Whoever stays over the end of a shift is busy, but no longer ready."""
    wanted = records.timeline.staffing[0].slots[0]
    for slot in range(wanted):
        ledger.slot(-0.5, "general", slot, "login")
    ledger.slot(1.0, "general", 0, "claim")
    ledger.slot(2.0, "general", -1, "step", 0)
    ledger.slot(3.0, "general", 0, "done")
    pool = records.pools().of("general")
    start = records.timeline.start_s
    steps = list(zip((pool.time_s - start).tolist(), pool.ready.tolist(), pool.busy.tolist(), strict=True))
    assert steps[wanted - 1] == (0.0, wanted, 0)
    assert steps[wanted:] == [(60.0, wanted, 1), (120.0, 0, 1), (180.0, 0, 0)]


def test_who_waits_counts_for_the_group_that_serves_the_skill_first(ledger: Ledger, records: Records) -> None:
    """From queue entry to claim, and again from being passed on to the second claim."""
    skills = list(records.scenario.contacts)
    instants: dict[str, Any] = {"queued": 1.0, "claimed": 2.0, "passed": 3.0, "served": 4.0, "ended": 5.0}
    ledger.contact(resolved(contact=skills.index("complaint"), **instants).fields())
    pools, start = records.pools(), records.timeline.start_s
    for group, waits in (("general", [(60.0, 1), (120.0, 0)]), ("specialist", [(180.0, 1), (240.0, 0)])):
        pool = pools.of(group)
        assert list(zip((pool.time_s - start).tolist(), pool.waiting.tolist(), strict=True)) == waits


def test_a_fault_is_read_by_its_latest_line(ledger: Ledger, records: Records) -> None:
    """Effective first, healed later."""
    ledger.fault({"index": 0, "kind": "triage-outage", "planned": 1.0, "effective": 1.001})
    assert [math.isnan(fault.healed_s) for fault in records.faults()] == [True]
    ledger.fault({"index": 0, "kind": "triage-outage", "planned": 1.0, "effective": 1.001, "healed": 1.7})
    start = records.timeline.start_s
    ((effective, healed),) = [seen for seen in records.faults_seen() if seen]
    assert (effective, healed) == pytest.approx((start + 60.06, start + 102))


def test_the_probe_sees_errors_and_pools_that_are_not_whole(ledger: Ledger, records: Records) -> None:
    """One look, one row for every pool; a look without an answer has none."""
    ledger.probe(0.1, True, 0.002, "triage", (2, 2, 4, 1, 0))
    ledger.probe(0.2, True, 0.002, "triage", (2, 1, 2, 1, 3))
    ledger.probe(0.3, False, 2.0, "", (0, 0, 0, 0, 0))
    probe = records.probe()
    assert (probe.ok.tolist(), probe.pools_whole.tolist()) == ([True, True, False], [True, False, False])
    triage = records.pools().of("triage")
    assert (triage.ready.tolist()[-1], triage.busy.tolist()[-1], triage.waiting.tolist()[-1]) == (2, 1, 3)


def test_the_load_is_read_as_it_was_written(ledger: Ledger, records: Records) -> None:
    """What is not finite is null."""
    ledger.load({"planned": 5, "hand_over_s": math.nan})
    assert records.load() == {"planned": 5, "hand_over_s": None}


@given(st.lists(st.floats(min_value=-10, max_value=1e5), max_size=20))
def test_the_order_of_instants_is_kept(quick: Scenario, instants: list[float]) -> None:
    """Turning real time into scenario time never swaps two instants."""
    records = Records(Path(), quick, workload.timeline(quick, workload.window(quick)))
    assert (np.diff(records.seconds(sorted(instants))) >= 0).all()

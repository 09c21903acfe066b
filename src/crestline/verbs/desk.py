"""The reference desk for a scenario: its settings in real seconds, the command that starts it, and a desk by hand."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from crestline.scenario import Breaker, Scenario, Triage

NOTICE_S = 5.0
"""After how many scenario seconds an outage gives contacts back, where no fault of the scenario says otherwise."""


def settings(scenario: Scenario, time_scale: float) -> dict[str, Any]:
    """What a desk is told of a scenario that it plays ``time_scale`` times as fast; its digest names the rest of it."""
    told: dict[str, Any] = {
        "skills": list(scenario.contacts),
        "skip_bot": [name for name, contact in scenario.contacts.items() if contact.bot == "skip"],
        "queue_limits": {name: contact.queue_limit for name, contact in scenario.contacts.items()},
        "groups": [{"name": name, "skills": list(group.skills)} for name, group in scenario.agents.items()],
        "triage": _triage(scenario, scenario.triage, time_scale) if scenario.triage else None,
    }
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    alarm = {"alarm_wait": scenario.recovery.limit / time_scale}
    return {"digest": digest, "time_scale": time_scale, "mark": scenario.load_test.mark.header, **alarm, **told}


def _triage(scenario: Scenario, triage: Triage, time_scale: float) -> dict[str, Any]:
    pool = triage.pool
    notices = [fault.notice for fault in scenario.faults if fault.kind == "triage-outage"]
    durations = {
        "start_up": pool.start_up,
        "scale_in_after": pool.scale_in_after,
        "tick": scenario.recovery.bucket,
        "notice": max(notices, default=NOTICE_S),
    }
    return {
        "workers": pool.workers,
        "at_most": pool.at_most,
        "slots": pool.slots,
        "scale_out_at": pool.scale_out_at,
        "step": pool.step,
        "when_down": triage.when_down,
        "breaker": _breaker(triage.breaker, time_scale) if triage.breaker else None,
        **{name: seconds / time_scale for name, seconds in durations.items()},
    }


def _breaker(breaker: Breaker, time_scale: float) -> dict[str, Any]:
    durations = {"timeout": breaker.timeout, "open_for": breaker.open_for}
    return {"failures": breaker.failures, **{name: seconds / time_scale for name, seconds in durations.items()}}


def command(settings_path: Path, *, allow_faults: bool = False, db: Path | None = None) -> list[str]:
    """The command line of a desk as a child process; without ``db`` it keeps nothing."""
    given = ["--db", str(db)] if db is not None else []
    flags = ["--allow-faults"] if allow_faults else []
    return [sys.executable, "-m", "crestline.desk", str(settings_path), *given, *flags]


def run_desk(scenario: Scenario, *, port: int, time_scale: float, db: Path | None, allow_faults: bool) -> int:
    """A desk in the foreground, until it is stopped; the exit code."""
    from crestline.desk.supervisor import Options, supervise

    with tempfile.TemporaryDirectory(prefix="crestline-") as folder:
        path = Path(folder) / "settings.json"
        path.write_text(json.dumps(settings(scenario, time_scale)), encoding="utf-8")
        return supervise(Options(path, port, db, allow_faults))

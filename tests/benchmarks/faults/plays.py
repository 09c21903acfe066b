"""One short drill for every kind of fault against the reference desk, and what its run says of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEED = "1"  # the same customers whenever it is played
AT = 'at: "10:05"'
WINDOW = (
    "load_test.from=10:00", "load_test.for=12min", "demand.rate=2100/h", "demand.surges=[]", "recovery.give_up=6min",
    "objectives=[]",
)  # fmt: skip
RUSH = ("demand.rate=1800/h", "demand.surges=[{name: rush, at: '10:05', for: 3min, factor: 3, ramp: 10s}]")
CROWD = ("demand.rate=1500/h", "demand.surges=[{name: crowd, at: '10:05', for: 1min, factor: 6, ramp: 10s}]")
LONGER = ("load_test.for=20min", "recovery.give_up=14min")
IMPATIENT = "contacts.order.patience={exponential: {mean: 40s}}"
KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "`triage-outage`": ("kind: triage-outage, for: 2min", ()),
    "`triage-brownout`, slow": ("kind: triage-brownout, how: slow, factor: 6, for: 1min", ()),
    "`triage-brownout`, stop": ("kind: triage-brownout, how: stop, for: 1min", ()),
    "`triage-worse`": ("kind: triage-worse, resolves: 0%, for: 3min", LONGER),
    "`web-worker-kill`": ("kind: web-worker-kill, every: 1min, for: 3min", ("recovery.limit=15s",)),
    "`storage-stall`": ("kind: storage-stall, for: 1min", ()),
    "`platform-outage`": ("kind: platform-outage, for: 30s", ()),
    "`wire`, latency": ("kind: wire, how: latency, delay: 30s, for: 2min", ()),
    "`wire`, hang": ("kind: wire, how: hang, for: 1min", ()),
    "`wire`, refuse": ("kind: wire, how: refuse, for: 30s", ()),
    "`wire`, errors": ("kind: wire, how: errors, share: 50%, for: 1min", ()),
    "`agents-leave`": ("kind: agents-leave, group: general, share: 90%, for: 150s", ()),
    "`slow-agents`": ("kind: slow-agents, group: general, factor: 400%, for: 3min", (*LONGER, "standby=null")),
    "`pool-freeze`": ("kind: pool-freeze, for: 3min", (*LONGER, *RUSH)),
    "`demand-spike`": ("kind: demand-spike, factor: 3, for: 2min", LONGER),
    "`retry-storm`": ("kind: retry-storm, share: 90%, delay: 20s, for: 2min", (*CROWD, IMPATIENT)),
}
"""What stands in the scenario, and what else has to be so that it tells: a fault that hurts, and not on the edge of it,
where whether it is noticed at all hangs on a few contacts."""


@dataclass(frozen=True)
class Seen:
    """What a drill says of its fault; times in scenario seconds since the effect, None where there is none."""

    verified: str
    undone: str
    detected_s: float | None
    detected_by_target_s: float | None
    technical_s: float | None
    operational_s: float | None
    simulated_s: float | None
    given_up: tuple[str, ...]  # where recovery takes longer than the time told: live, simulated
    lost: int
    doubled: int


def play(kind: str, folder: Path) -> Seen:
    """Drill one kind in a folder."""
    words, more = KINDS[kind]
    changes = (*WINDOW, *more, f"faults=[{{{words}, {AT}}}]")
    command = [sys.executable, "-m", "crestline", "drill", "quick", "--seed", SEED]
    command += [word for change in changes for word in ("--set", change)]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"COLUMNS": "160"}, capture_output=True, text=True, check=False
    )
    account = folder / "reports" / "latest" / "run.json"
    if not account.exists():
        sys.exit(f"{kind}: the drill ended with code {done.returncode}\n{done.stderr}")
    return seen(json.loads(account.read_text("utf-8")))


def seen(run: Mapping[str, Any]) -> Seen:
    """What stands in a ``run.json``."""
    (fault,), whole = run["faults"], run["integrity"] or {}
    effective = fault["effective_s"]
    detected, by_target = (fault.get(by) for by in ("detected_s", "detected_by_target_s"))
    same = (run["measures"].get("recovery_s") or {}).get("same_rows") or {}
    return Seen(
        verified=fault.get("verified") or fault.get("error") or fault["why"],
        undone=fault.get("undone") or "",
        detected_s=None if detected is None else detected - effective,
        detected_by_target_s=None if by_target is None else by_target - effective,
        technical_s=fault["technical_recovery_s"],
        operational_s=fault["operational_recovery_s"],
        simulated_s=same.get("value"),
        given_up=tuple(world for world, told in (("live", fault), ("simulated", same)) if told.get("over")),
        lost=whole.get("lost", -1),
        doubled=whole.get("doubled", -1),
    )

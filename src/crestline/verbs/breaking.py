"""``crestline plan --find-breaking-level``: how far demand may rise with the roster as it is."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from crestline import staffing, verdict
from crestline.engine import default_engine
from crestline.measures.recovery import MET, MISSED
from crestline.scenario import Scenario
from crestline.staffing import Breaking
from crestline.units import format_share
from crestline.verbs.account import Header, Worlds, account
from crestline.verbs.forecast import DEFAULT_SEED
from crestline.verbs.plan import DAYS, refuse_few, refuse_nothing, with_threads
from crestline.workload import day as whole_day
from crestline.workload import timeline

Say = Callable[[str], None]


def find_breaking_level(
    scenario: Scenario,
    *,
    days: int = DAYS,
    seed: int = DEFAULT_SEED,
    level: float = 1.0,
    engine: str | None = None,
    executor: Executor | None = None,
    command: str = "",
    say: Say = lambda _: None,
) -> dict[str, Any]:
    """The level of demand at which an objective first breaks in an interval; the account of it as ``run.json``.

    The scenario keeps its own roster and its standby; nothing fails. ``met`` where everything holds at ``level``.
    """
    refuse_few(days)
    refuse_nothing(scenario)
    engine = engine or default_engine()
    with with_threads(executor) as places:
        found = staffing.breaking_level(scenario, seed, days, engine=engine, executor=places, start=level, say=say)
    told = _account(scenario, found)
    holds = found.holds is not None and found.holds >= level
    span = whole_day(staffing.without_faults(scenario), level)
    run = account(
        Header("plan", seed, command or _again(scenario, seed, days, level), "", level, days, engine=engine),
        scenario,
        timeline(staffing.without_faults(scenario), span),
        Worlds(),
        (),
        verdict.Verdict(MET if holds else MISSED, verdict.EXIT_CODES[MET if holds else MISSED], _why(found, level)),
        (),
    )
    return run | {"plan": {"days": days, "risk": staffing.RISK, "breaking": told}}


def _account(scenario: Scenario, found: Breaking) -> dict[str, Any]:
    first = found.first
    at = {} if first is None else {"start": scenario.clock(first.start_s), "start_s": first.start_s}
    what = {} if first is None else {"objective": first.objective.text, "share": first.share, "bound": first.bound}
    said = {} if first is None else {"said": first.said}
    return {"holds": found.holds, "breaks": found.breaks} | what | at | said


def _why(found: Breaking, level: float) -> str:
    if found.holds is not None and found.holds >= level:
        return f"every interval holds at {format_share(level)} of demand"
    return f"not every interval holds at {format_share(level)} of demand"


def _again(scenario: Scenario, seed: int, days: int, level: float) -> str:
    words = ["crestline", "plan", scenario.name, "--find-breaking-level", "--seed", str(seed), "--days", str(days)]
    return shlex.join([*words, *(["--level", f"{level:.0%}"] if level != 1 else [])])

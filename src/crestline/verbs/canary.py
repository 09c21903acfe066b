"""``crestline canary``: roll a new version out to more and more of the contacts, as long as it does no harm."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crestline import __version__, runs
from crestline.engine import default_engine
from crestline.errors import INCONCLUSIVE as DOUBT
from crestline.errors import MET, MISSED
from crestline.release.policies import OTHERS, Policy, Record, compare
from crestline.release.rollout import Rollout, first_step_s
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK
from crestline.report import ONE_FILE, SUMMARY
from crestline.report import canary as told
from crestline.report.canary_page import canary_page
from crestline.report.html import CANARY, FOLDER, write_files, write_whole
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.verbs.account import finite_only
from crestline.verbs.forecast import DEFAULT_SEED

CODES = {PROMOTE: MET, ROLL_BACK: MISSED, INCONCLUSIVE: DOUBT}
VERDICTS = {PROMOTE: "promoted", ROLL_BACK: "rolled back", INCONCLUSIVE: "inconclusive"}


@dataclass(frozen=True)
class Release:
    """A finished roll-out: the account of it."""

    run: dict[str, Any]

    @property
    def exit_code(self) -> int:
        """0 promoted, 1 rolled back, 3 inconclusive."""
        return int(self.run["exit_code"])


def canary(
    scenario: Scenario,
    *,
    seed: int = DEFAULT_SEED,
    runs: int = 1,
    policies: Sequence[Policy] | None = None,
    engine: str | None = None,
    command: str = "",
    progress: Callable[[float, str], None] = lambda _share, _words: None,
) -> Release:
    """Roll out the candidate of a scenario in simulated time, on ``runs`` days, beside other ways of doing so.

    One day decides the verdict; of several, any that was rolled back, then any that was inconclusive.
    """
    own = scenario.canary.steps
    others = [policy for policy in (OTHERS if policies is None else policies) if policy != own]
    records = compare(
        scenario,
        [own, *others],
        seed=seed,
        runs=runs,
        engine=engine,
        progress=lambda done: progress(done / runs, f"day {done} of {runs}"),
    )
    about = f"simulated on {runs} day{'s' if runs != 1 else ''}"
    return Release(_run(scenario, records[0].rollouts, records, seed, about, command, engine or default_engine()))


def _run(
    scenario: Scenario,
    rollouts: Sequence[Rollout],
    records: Sequence[Record],
    seed: int,
    about: str,
    command: str,
    engine: str,
) -> dict[str, Any]:
    start_s = first_step_s(scenario, scenario.canary)
    decisive = next(one for word in (ROLL_BACK, INCONCLUSIVE, PROMOTE) for one in rollouts if one.decision == word)
    days = [finished(scenario, one) for one in rollouts]
    shown = days[rollouts.index(decisive)]
    made: dict[str, Any] = finite_only(
        account(scenario, decisive.decision, shown["steps"], seed, about, command)
        | {
            "world": "simulated",
            "engine": engine,
            "exposed": decisive.exposed,
            "harmed": decisive.harmed,
            "runs": days,
            "policies": [record.plain(start_s) for record in records],
        }
    )
    return made


def finished(scenario: Scenario, one: Rollout) -> dict[str, Any]:
    """One roll-out as ``run.json`` has it, with clock times."""
    plain = one.plain()
    return plain | {"steps": [step | {"start": scenario.clock(step["from_s"])} for step in plain["steps"]]}


def account(
    scenario: Scenario, decision: str, steps: Sequence[dict[str, Any]], seed: int, about: str, command: str
) -> dict[str, Any]:
    """What ``run.json`` says of every roll-out."""
    rule = scenario.canary.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        "schema": 1,
        "kind": "canary",
        "name": scenario.name,
        "about": scenario.about,
        "scenario": scenario.name,
        "seed": seed,
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), "crestline": __version__},
        "machine": f"{platform.system()} {platform.machine()}",
        "command": command,
        "about_run": about,
        "verdict": VERDICTS[decision],
        "exit_code": CODES[decision],
        "decision": decision,
        "why": steps[-1]["why"] if steps else "",
        "canary": rule,
        "steps": list(steps),
        "policies": [],
    }


def write(release: Release, scenario: Scenario, out: Path) -> RunFolder:
    """Leave a run folder: the scenario, ``run.json`` and the summary."""
    folder = runs.create(out, scenario)
    folder.write_run(release.run)
    tell(folder, release.run)
    return folder


def tell(folder: RunFolder, run: dict[str, Any], *, self_contained: bool = False) -> Path:
    """Write the summary of a roll-out and its page, which is returned."""
    (folder.path / SUMMARY).write_text(told.markdown(run), encoding="utf-8")
    shown = canary_page(run)
    index = write_files(shown, folder.path / FOLDER, CANARY)
    return write_whole(shown, folder.path / ONE_FILE, CANARY) if self_contained else index

"""The page of a gray release: how it ended, step by step, what the tests saw, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from crestline.report import canary
from crestline.report.figures import Picture, Twin, release
from crestline.report.page import Band, moment

Plain = Mapping[str, Any]
RESULTS = {"promote": "met", "roll back": "missed", "inconclusive": "inconclusive"}
ENDED = {
    "promote": "The new version serves everybody.",
    "roll back": "The new version was taken back: it does harm.",
    "inconclusive": "Nobody can say yet whether the new version does harm; it was taken back.",
}
SIMULATED = (
    "Nothing was called: both versions are what the scenario says of them.",
    "Agents are the same for both: who waits longer for them because of the new version counts among the harmed, "
    "but does not tell the versions apart.",
)
LIVE = (
    "The time without the new version was not played: harm is an estimate, with an interval of 95 %.",
    "Agents were virtual, and where the target obeys the script, the bots' answers were decided beforehand.",
)
TWO_HOSTS = "Agents were split between the two hosts in proportion: no seat could help out at the other."


class CanaryPage(NamedTuple):
    """Everything that the page shows, in its order."""

    title: str
    band: Band
    steps: Twin
    pictures: tuple[Picture, ...]
    reproduce: tuple[tuple[str, str], ...]
    cannot_tell: tuple[str, ...]


def canary_page(run: Plain) -> CanaryPage:
    """The page of a run."""
    word, end = canary.SAID[run["decision"]], run["decision"]
    drawn = (release.evidence(run), release.policies(run, canary.policies(run)))
    return CanaryPage(
        title=f"{word}: {run['scenario']}",
        band=Band(RESULTS[end], word, run["why"], f"{ENDED[end]} {canary.met(run)}.", _facts(run)),
        steps=canary.compared(run),
        pictures=tuple(picture for picture in drawn if picture),
        reproduce=_reproduce(run),
        cannot_tell=_cannot_tell(run),
    )


def _facts(run: Plain) -> tuple[tuple[str, str], ...]:
    steps = ", ".join(run["canary"]["steps"])
    facts = {
        "scenario": run["scenario"],
        "what": run["about"],
        "how": run["about_run"],
        "steps": steps,
        "false alarms, at most": f"{run['canary']['alpha']} of roll-outs",
        "started": moment(run["started_at"]),
        "exit code": str(run["exit_code"]),
    }
    return tuple((name, str(fact)) for name, fact in facts.items() if fact)


def _reproduce(run: Plain) -> tuple[tuple[str, str], ...]:
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    facts = {"command": run["command"], "seed": run["seed"], "versions": versions, "machine": run["machine"]}
    return tuple((name, str(fact)) for name, fact in facts.items() if fact not in (None, ""))


def _cannot_tell(run: Plain) -> tuple[str, ...]:
    if run["world"] == "simulated":
        return SIMULATED
    return (*LIVE, TWO_HOSTS) if run.get("candidate_target") else LIVE

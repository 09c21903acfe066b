"""``crestline handbook``: write what to do when the service is interrupted, with the times of this very scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from crestline.errors import UsageError
from crestline.measures.alert_counts import alerts
from crestline.measures.recovery import Recovery
from crestline.mitigations import SPEAKING
from crestline.remedies import CONTACTS, DAYS, worth
from crestline.remedies.speaking import speaking_sentences
from crestline.replicate import replicate
from crestline.replicate.days import Played, play_day
from crestline.report import handbook as book
from crestline.report.handbook import Expected, markdown
from crestline.report.handbook.document import Document
from crestline.report.handbook.html import html
from crestline.report.handbook.steps import rto_s
from crestline.report.milestones import standby_came
from crestline.scenario import Scenario
from crestline.verbs.forecast import DEFAULT_SEED
from crestline.workload import day as whole_day
from crestline.workload import window
from crestline.workload.arrivals import expected_arrivals

FACES: dict[str, Callable[[Document], str]] = {"markdown": markdown, "html": html}
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


def write_handbook(
    scenario: Scenario,
    *,
    seed: int = DEFAULT_SEED,
    face: str = "markdown",
    command: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> str:
    """The handbook as text, in one of FACES; a forecast of the drill's window gives times where it is quickly made."""
    say("what the faults of the scenario come to")
    expected = expect(scenario, seed)
    say("what it is worth to speak early")
    document = book.handbook(scenario, expected, what_speaking_is_worth(scenario, seed), command)
    return FACES[face](document)


def face_of(out: Path | None, asked: str | None) -> str:
    """The format that was asked for; else the one that the file's name says; else Markdown."""
    if asked:
        return asked
    if out is None or not out.suffix:
        return "markdown"
    if out.suffix.lower() not in SUFFIXES:
        msg = f"-o {out}: got the ending {out.suffix}, expected .md or .html; or say --format"
        raise UsageError(msg)
    return SUFFIXES[out.suffix.lower()]


def expect(scenario: Scenario, seed: int, days: int = DAYS) -> list[Expected]:
    """What the forecast of the drill's window says of every fault; nothing where it would take long."""
    span = window(scenario)
    if not scenario.faults or expected_arrivals(scenario, span) * days > CONTACTS:
        return []
    seen: list[list[Expected]] = []
    for replication in range(days):
        played = play_day(scenario, seed, span, replication, day_factor=False)
        recoveries = played.digest.recoveries()
        seen.append([_one(scenario, each, played) for each in recoveries])
    return [_mean(same) for same in zip(*seen, strict=True)]


def what_speaking_is_worth(scenario: Scenario, seed: int) -> list[str]:
    """What early words are worth on a whole day, where the scenario says how complaints grow."""
    span = whole_day(scenario)
    if scenario.incident is None or expected_arrivals(scenario, span) * 2 * DAYS > CONTACTS:
        return []
    days = replicate(scenario, seed, span, DAYS)
    return speaking_sentences(scenario, span, worth(scenario, seed, span, days, only=(SPEAKING,)))


def _one(scenario: Scenario, recovery: Recovery, played: Played) -> Expected:
    effective, back = recovery.effective_s or 0.0, recovery.operational_recovery_s
    until = effective + (back or 0.0)
    raised = [a.at_s for a in alerts(played.outcomes, scenario, played.timeline) if a.level == 1]
    alert = next((at - effective for at in raised if effective <= at <= until), None)
    came = standby_came(played.pools, scenario.standby, effective, until) if scenario.standby else None
    called, there = came or (None, None)
    within = back is not None and not recovery.over and back <= rto_s(scenario)
    return Expected(
        kind=recovery.kind,
        planned_s=recovery.planned_s,
        seen_s=None if recovery.detected_s is None else recovery.detected_s - effective,
        alert_s=alert,
        called_s=called,
        there_s=there,
        healed_s=recovery.technical_recovery_s,
        back_s=back,
        within=float(within),
        over=recovery.over,
    )


def _mean(same: Sequence[Expected]) -> Expected:
    """The means over the days; of a time that most days lack, none."""

    def mean(times: Sequence[float | None]) -> float | None:
        known = [time for time in times if time is not None]
        return float(np.mean(known)) if 2 * len(known) > len(times) else None

    return Expected(
        kind=same[0].kind,
        planned_s=same[0].planned_s,
        seen_s=mean([one.seen_s for one in same]),
        alert_s=mean([one.alert_s for one in same]),
        called_s=mean([one.called_s for one in same]),
        there_s=mean([one.there_s for one in same]),
        healed_s=mean([one.healed_s for one in same]),
        back_s=mean([one.back_s for one in same]),
        within=float(np.mean([one.within for one in same])),
        over=2 * sum(one.over for one in same) > len(same),
    )


def save(text: str, out: Path) -> None:
    """Write the handbook to a file."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"-o {out}: cannot be written ({error.strerror}); name a file in a folder that can"
        raise UsageError(msg) from None

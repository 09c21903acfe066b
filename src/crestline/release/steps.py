"""One step of a roll-out: what is compared, and what is decided at which look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from crestline.release.evidence import AT_LEAST, Difference, Mean, errors_wide, harm_in_events
from crestline.release.judged import Judged
from crestline.scenario import Canary
from crestline.tables import Bools, Floats, Ints

PROMOTE, ROLL_BACK, INCONCLUSIVE = "promote", "roll back", "inconclusive"
AT_ALL_S = 0.001  # a smaller difference of mean times is none: where all are alike, rounding would be harm
ROUNDING = 1e-9  # of a look: the one at the very end counts, however the sums of floats come out
SHOWN = 60  # looks of a step that its account keeps
MEASURES = ("errors", "frt", "resolution")


@dataclass(frozen=True)
class Compared:
    """One measure of both versions at the look at which a step was decided; ``worse_by`` is candidate's harm."""

    measure: str
    unit: str
    baseline: float | None
    candidate: float | None
    worse_by: float | None
    at_most: float | None  # with the confidence asked for, it is worse by no more than this
    margin: float | None
    harm: bool


class Look(NamedTuple):
    """How far the tests had come at one look, by measure: ``evidence`` of 1 rolls back, ``at_most`` is in margins."""

    contacts: int  # of the new version
    evidence: dict[str, float]
    at_most: dict[str, float | None]


@dataclass(frozen=True)
class Step:
    """One step: what was decided, when, why, and on which contacts."""

    share: float
    from_s: float
    decided_s: float | None
    decision: str
    why: str
    candidate: int  # contacts of the new version that were judged
    baseline: int
    compared: tuple[Compared, ...]
    looks: tuple[Look, ...] = ()  # a sample of them, the last included

    def plain(self) -> dict[str, Any]:
        """As ``run.json`` has it."""
        compared = {one.measure: asdict(one) for one in self.compared}
        return asdict(self) | {"compared": compared, "looks": [look._asdict() for look in self.looks]}


class Versions(NamedTuple):
    """The contacts of a step by version; ``together`` where chance decided which of the two served a contact."""

    candidate: Judged
    baseline: Judged
    together: bool


class Measured(NamedTuple):
    """A measure at every look: what is worse by how much, and where harm is shown or ruled out."""

    name: str
    unit: str
    candidate: Mean
    baseline: Mean
    evidence: Floats  # of harm: 1 is enough
    difference: Difference  # how much worse the candidate is
    at_most: Floats
    margin: Floats

    @property
    def harm(self) -> Bools:
        """Whether harm is shown."""
        shown: Bools = self.evidence >= 1
        return shown


def decide(canary: Canary, number: int, from_s: float, until_s: float, every_s: float, versions: Versions) -> Step:
    """What a step comes to by ``until_s``, looked at every ``every_s``.

    It is rolled back at the first look at which harm is shown in any measure. It goes on where enough contacts are
    judged and no measure is worse by more than its margin: as estimated, and before the last step by the bound.
    """
    share = canary.steps[number]
    looks = _looks(from_s, until_s, every_s)
    ripe = versions._replace(candidate=versions.candidate.ripe(), baseline=versions.baseline.ripe())
    count = np.searchsorted(ripe.candidate.known_s, looks, side="right")
    others = np.searchsorted(ripe.baseline.known_s, looks, side="right")
    measured = _measure(canary, share, looks, versions, ripe)
    harm = np.logical_or.reduce([one.harm for one in measured])
    proves = versions.together and number == len(canary.steps) - 2
    fine = np.logical_and.reduce(
        [(one.at_most if proves else one.difference.value) <= one.margin for one in measured]
        + [count >= canary.contacts]
    )
    if versions.together:
        fine &= others >= AT_LEAST
    decided = np.flatnonzero(harm | fine)
    at = int(decided[0]) if len(decided) else len(looks) - 1
    if at < 0:
        return Step(share, from_s, None, INCONCLUSIVE, "nothing was seen of it", 0, 0, ())
    compared = tuple(_at(one, at) for one in measured)
    decision = (ROLL_BACK if harm[at] else PROMOTE) if len(decided) else INCONCLUSIVE
    return Step(
        share=share,
        from_s=from_s,
        decided_s=float(looks[at]) if len(decided) else None,
        decision=decision,
        why=_why(decision, compared, int(count[at]), canary, proves=proves),
        candidate=int(count[at]),
        baseline=int(others[at]),
        compared=compared,
        looks=_sample(measured, count, at),
    )


def _looks(from_s: float, until_s: float, every_s: float) -> Floats:
    """Every instant of a look; none after ``until_s``, of which live nothing is known yet."""
    passed = math.floor((until_s - from_s) / every_s + ROUNDING)
    looks: Floats = np.minimum(from_s + every_s * np.arange(1, passed + 1), until_s)
    return looks


def _sample(measured: Sequence[Measured], count: Ints, last: int) -> tuple[Look, ...]:
    """Some of the looks up to the last."""
    chosen = sorted({*range(last, -1, -max(1, math.ceil((last + 1) / SHOWN)))})
    return tuple(
        Look(
            int(count[at]),
            {one.name: float(max(0.0, one.evidence[at])) for one in measured},
            {one.name: _ratio(one.at_most[at], one.margin[at]) for one in measured},
        )
        for at in chosen
    )


def _ratio(value: float, margin: float) -> float | None:
    return float(value / margin) if margin > 0 and math.isfinite(value) else None


def _measure(canary: Canary, share: float, looks: Floats, versions: Versions, ripe: Versions) -> list[Measured]:
    """Errors, first response and resolution; harm in any of them is a false alarm with alpha in the whole roll-out."""
    each = canary.alpha / (len(MEASURES) * len(canary.steps))
    made = []
    for name, column in (("errors", "is_error"), ("resolution", "is_unresolved")):
        counted = _events(name, column, canary, looks, ripe)
        if versions.together:
            evidence = _in_events(column, each, share, looks, versions)
        else:
            evidence = _in_means(counted, each, canary.contacts, getattr(canary.margins, name))
        made.append(counted._replace(evidence=evidence))
    if versions.together:  # later, another hour has other waits
        waited = _response(canary, looks, ripe)
        made.insert(1, waited._replace(evidence=_in_means(waited, each, canary.contacts, AT_ALL_S)))
    return made


def _events(name: str, column: str, canary: Canary, looks: Floats, ripe: Versions) -> Measured:
    """Contacts that ended in an error, or without help by the bot."""
    candidate, baseline = (Mean.of_counts(*_counts(version, column, looks)) for version in ripe[:2])
    margin = np.full(len(looks), getattr(canary.margins, name))
    return _measured(name, "share", candidate, baseline, canary, margin)


def _response(canary: Canary, looks: Floats, ripe: Versions) -> Measured:
    """The mean time to the first response."""
    candidate, baseline = (_times(version, looks) for version in ripe[:2])
    return _measured("frt", "s", candidate, baseline, canary, canary.margins.frt * baseline.mean)


def _measured(name: str, unit: str, candidate: Mean, baseline: Mean, canary: Canary, margin: Floats) -> Measured:
    difference = Difference.of(candidate, baseline)
    at_most = difference.value + errors_wide(candidate.size, canary.alpha, canary.contacts) * difference.error
    none = np.zeros(len(margin))
    return Measured(name, unit, candidate, baseline, none, difference, at_most, margin)


def _in_events(column: str, alpha: float, share: float, looks: Floats, both: Versions) -> Floats:
    """How far it is shown that too many of the events are the candidate's, of all that have happened."""
    (_, of_candidate), (_, of_baseline) = (_counts(version, column, looks) for version in both[:2])
    evidence: Floats = harm_in_events(of_candidate, of_candidate + of_baseline, share) / -math.log(alpha)
    return evidence


def _in_means(one: Measured, alpha: float, planned: int, margin: float) -> Floats:
    """How far it is shown that the candidate is worse by more than a margin."""
    wide = errors_wide(one.candidate.size, alpha, planned)
    is_enough = np.minimum(one.candidate.size, one.baseline.size) >= AT_LEAST
    evidence: Floats = np.where(is_enough, one.difference.value / (margin + wide * one.difference.error), 0.0)
    return evidence


def _counts(version: Judged, column: str, looks: Floats) -> tuple[Ints, Ints]:
    """Judged contacts, and those among them with the event, at every look."""
    count = np.searchsorted(version.known_s, looks, side="right")
    return count, _up_to(getattr(version, column), count).astype(np.int64)


def _times(version: Judged, looks: Floats) -> Mean:
    known = version.take(~np.isnan(version.waited_s))
    count = np.searchsorted(known.known_s, looks, side="right")
    return Mean.of_sums(count, _up_to(known.waited_s, count), _up_to(known.waited_s**2, count))


def _up_to(values: Floats | Bools, count: Ints) -> Floats:
    """The sums of the first so many values."""
    sums: Floats = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))[count]
    return sums


def _at(one: Measured, look: int) -> Compared:
    def number(value: Floats, known: Floats) -> float | None:
        return float(value[look]) if known[look] > 0 and np.isfinite(value[look]) else None

    # a share is told as it was counted, without what keeps its variance above 0
    told = [_counted(mean) if one.unit == "share" else mean.mean for mean in (one.candidate, one.baseline)]
    both = np.minimum(one.candidate.size, one.baseline.size)
    worse_by = told[0] - told[1]
    return Compared(
        measure=one.name,
        unit=one.unit,
        baseline=number(told[1], one.baseline.size),
        candidate=number(told[0], one.candidate.size),
        worse_by=number(worse_by, both),
        at_most=number(one.at_most, both),
        margin=number(one.margin, both),
        harm=bool(one.harm[look]),
    )


def _counted(share: Mean) -> Floats:
    events: Floats = (share.mean * (share.size + 2) - 1) / np.maximum(share.size, 1)
    return np.maximum(events, 0.0)


WORDS = {"errors": "more errors", "frt": "slower first responses", "resolution": "less resolved"}


def _why(decision: str, compared: tuple[Compared, ...], count: int, canary: Canary, *, proves: bool) -> str:
    if decision == ROLL_BACK:
        return " and ".join(WORDS[one.measure] for one in compared if one.harm)
    if decision == PROMOTE:
        return f"no harm seen in {count:,} contacts" + (", and more than the margins ruled out" if proves else "")
    if count < canary.contacts:
        return f"only {count:,} of {canary.contacts:,} contacts of the new version by the end"
    doubt = [
        WORDS[one.measure]
        for one in compared
        if (worse := one.at_most if proves else one.worse_by) is not None
        and one.margin is not None
        and worse > one.margin
    ]
    return f"cannot rule out {' or '.join(doubt)} by the end" if doubt else "not enough of the old version to compare"

"""The verdict: what is asked, held against what was measured or forecast, and the exit code that follows.

A drill is one event and its fault is planned: the measured value decides, its interval is only printed. A forecast is
an estimate: it decides when its t-interval clears the limit. Before either, the gates ask whether the run itself can
be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crestline import errors
from crestline.measures.recovery import INCONCLUSIVE, MET, MISSED, UNNOTICED, Recovery
from crestline.measures.values import Value, holds
from crestline.scenario import Objective
from crestline.units import format_duration, format_share

EXIT_CODES = {MET: errors.MET, MISSED: errors.MISSED, INCONCLUSIVE: errors.INCONCLUSIVE}
FINER_THAN = 50  # times the lateness: a limit finer than that is not to be judged from a late run
NO_FAULT, NOTHING_THERE = "no fault", "nothing was there to measure"
RECOVERY = "recovery_s"
SPELL: dict[str, Callable[[float], str]] = {
    "s": format_duration,
    "share": format_share,
    "currency": lambda amount: f"{amount:,.2f}",
}
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Gate:
    """One condition under which a run can be trusted."""

    name: str
    value: float | None
    limit: float
    ok: bool


@dataclass(frozen=True)
class Judged:
    """One objective and what became of it; a row of ``run.json``."""

    name: str
    measure: str
    op: str
    limit: float
    measured: Value | None
    same_rows: Value | None
    forecast: Value | None
    result: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """The result of a run, the exit code of the command, and why in a sentence."""

    result: str
    exit_code: int
    why: str


def judge_drill(
    objectives: Sequence[Objective],
    measured: Values,
    *,
    same_rows: Values | None = None,
    forecast: Values | None = None,
    recoveries: Sequence[Recovery] = (),
    late_p99_s: float = 0.0,
) -> list[Judged]:
    """Every objective of a drill, judged by its measured value; ``late_p99_s`` is in scenario seconds."""
    return [
        _judged(o, _by_value(o, measured[o.key], recoveries, late_p99_s), measured, same_rows, forecast)
        for o in objectives
    ]


def judge_forecast(objectives: Sequence[Objective], forecast: Values, *, faults: bool) -> list[Judged]:
    """Every objective of a forecast, judged by the interval of its estimate; ``faults``: whether anything breaks."""
    return [_judged(o, _by_interval(o, forecast[o.key], faults), None, None, forecast) for o in objectives]


def conclude(judged: Sequence[Judged], gates: Sequence[Gate] = (), recoveries: Sequence[Recovery] = ()) -> Verdict:
    """The verdict of the run: a failed gate, then the worst objective.

    A rehearsal of which some fault says nothing, since it never took effect or struck a service that was not steady,
    has met nothing, whatever was asked.
    """
    failed = [gate.name for gate in gates if not gate.ok]
    if failed:
        return _verdict(INCONCLUSIVE, f"the run cannot be trusted: {', '.join(failed)}")
    for result in (MISSED, INCONCLUSIVE):
        named = [j.name for j in judged if j.result == result]
        if named:
            return _verdict(result, f"{result}: {', '.join(named)}")
    unclear = [f"{r.kind}: {r.why}" for r in recoveries if r.result == INCONCLUSIVE]
    if unclear:
        return _verdict(INCONCLUSIVE, f"the rehearsal says too little: {', '.join(unclear)}")
    return _verdict(MET, f"all {len(judged)} objectives met" if judged else "nothing was asked")


def findings(
    objectives: Sequence[Objective], judged: Sequence[Judged], recoveries: Sequence[Recovery] = ()
) -> list[str]:
    """What a reader of a drill should know beside the verdict."""
    found = [f"{r.kind}: {r.why}" for r in recoveries if r.why == UNNOTICED or r.result == INCONCLUSIVE]
    return found + [words for o, j in zip(objectives, judged, strict=True) if (words := _other_side(o, j))]


def _other_side(objective: Objective, judged: Judged) -> str:
    """A sentence where the forecast lies on the other side of the limit; empty where it does not."""
    if judged.forecast is None or judged.forecast.value is None or judged.result == INCONCLUSIVE:
        return ""
    expected = MET if holds(judged.forecast, objective) else MISSED
    if expected == judged.result:
        return ""
    return f"{objective.text}: {judged.result}, but the forecast expected {_shown(objective, judged.forecast)}"


def _verdict(result: str, why: str) -> Verdict:
    return Verdict(result, EXIT_CODES[result], why)


def _judged(
    objective: Objective,
    judgement: tuple[str, str],
    measured: Values | None,
    same_rows: Values | None,
    forecast: Values | None,
) -> Judged:
    key, (result, why) = objective.key, judgement
    return Judged(
        name=objective.text,
        measure=key,
        op=objective.op,
        limit=objective.limit,
        measured=measured.get(key) if measured is not None else None,
        same_rows=same_rows.get(key) if same_rows is not None else None,
        forecast=forecast.get(key) if forecast is not None else None,
        result=result,
        why=why,
    )


def _by_value(objective: Objective, value: Value, recoveries: Sequence[Recovery], late_p99_s: float) -> tuple[str, str]:
    if objective.key == RECOVERY and not recoveries:
        return MET, NO_FAULT
    if objective.key == RECOVERY and (doubt := _unclear(objective, recoveries)):
        return INCONCLUSIVE, doubt
    if value.value is None:
        return INCONCLUSIVE, value.why or NOTHING_THERE
    if _is_finer(objective, FINER_THAN * late_p99_s) and not _missed_anyway(objective, value, late_p99_s):
        late = format_duration(late_p99_s)
        return INCONCLUSIVE, f"{_shown(objective, value)}, but contacts were sent up to {late} late (p99)"
    return (MET if holds(value, objective) else MISSED), _shown(objective, value)


def _unclear(objective: Objective, recoveries: Sequence[Recovery]) -> str:
    """Why recovery cannot be judged: one fault is unclear, and no other decides."""
    if any(_recovered_too_late(objective, r) for r in recoveries):
        return ""
    return "; ".join(f"{r.kind}: {r.why}" for r in recoveries if r.result == INCONCLUSIVE)


def _recovered_too_late(objective: Objective, recovery: Recovery) -> bool:
    took = recovery.operational_recovery_s
    return recovery.over or (took is not None and not objective.holds(took))


def _is_finer(objective: Objective, than_s: float) -> bool:
    """Whether the time that an objective is about is finer than ``than_s``; shares of anything else have none."""
    time_s = objective.limit if objective.unit == "s" else objective.within
    return time_s is not None and time_s < than_s


def _missed_anyway(objective: Objective, value: Value, late_s: float) -> bool:
    if objective.unit != "s" or objective.at_least or value.value is None:
        return False
    return value.over or not objective.holds(value.value - late_s)


def _by_interval(objective: Objective, value: Value, faults: bool) -> tuple[str, str]:
    if objective.key == RECOVERY and not faults:
        return MET, NO_FAULT
    if value.value is None:
        return INCONCLUSIVE, NOTHING_THERE
    if value.low is None or value.high is None:
        return INCONCLUSIVE, f"{_shown(objective, value)}; one day alone has no interval"
    best, worst = (value.high, value.low) if objective.at_least else (value.low, value.high)
    if not objective.holds(best):
        return MISSED, _shown(objective, value)
    if objective.holds(worst) and not value.over:
        return MET, _shown(objective, value)
    return INCONCLUSIVE, f"{_shown(objective, value)}: more replications may tell"


def _shown(objective: Objective, value: Value) -> str:
    """A value in words, such as ``24.7 s (22 s to 27 s)`` or ``over 1 h``."""
    spell = SPELL[objective.unit]
    text = f"{'over ' if value.over else ''}{spell(value.value or 0.0)}"
    if value.low is None or value.high is None:
        return text
    return f"{text} ({spell(value.low)} to {spell(value.high)})"

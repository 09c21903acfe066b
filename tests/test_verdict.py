"""From values to results, from results to the verdict and its exit code."""

from __future__ import annotations

import pytest

from crestline.measures import Recovery, Value
from crestline.measures.recovery import NO_EFFECT, UNNOTICED
from crestline.scenario import Objective, load
from crestline.verdict import Gate, Judged, Verdict, conclude, findings, judge_drill, judge_forecast

NONE = Value(None)
BROKEN = Gate("sent / planned", 0.91, 0.999, ok=False)
SOUND = Gate("sent / planned", 1.0, 0.999, ok=True)


def objectives(*lines: str) -> tuple[Objective, ...]:
    return load(
        {
            "name": "verdict",
            "demand": {"rate": "60/h"},
            "contacts": {"all": {"share": "100%", "handle_time": {"constant": "1min"}, "patience": "never"}},
            "agents": {"desk": {"skills": ["all"], "on_duty": 9, "cost_per_hour": 20}},
            "objectives": list(lines),
        }
    ).objectives


def recovery(took: float | None, *, over: bool = False, result: str = "met", why: str = "") -> Recovery:
    return Recovery("agents-leave", 60.0, 60.0, 90.0, None, None, took, over, result, why, 30.0)


def drill(line: str, value: Value, late_p99_s: float = 0.0) -> Judged:
    (asked,) = objectives(line)
    (judged,) = judge_drill([asked], {asked.key: value}, late_p99_s=late_p99_s)
    return judged


@pytest.mark.parametrize(
    ("line", "value", "result", "why"),
    [
        ("frt p90 < 45s", Value(24.7), "met", "24.7 s"),
        ("frt p90 < 45s", Value(45.0), "missed", "45 s"),
        ("frt p90 <= 45s", Value(45.0), "met", "45 s"),
        ("frt p90 < 45s", Value(44.0, 40.0, 48.0), "met", "44 s (40 s to 48 s)"),  # the value decides
        ("frt p90 < 45s", Value(3600.0, over=True), "missed", "over 1 h"),
        ("frt p90 < 2h", Value(3600.0, over=True), "missed", "over 1 h"),
        ("frt p90 < 45s", NONE, "inconclusive", "nothing was there to measure"),
        ("abandonment < 5%", Value(0.041, 0.03, 0.06), "met", "4.1 % (3 % to 6 %)"),
        ("satisfaction >= 85%", Value(0.84), "missed", "84 %"),
        ("cost_per_contact < 1.20", Value(1.155), "met", "1.16"),
    ],
)
def test_the_measured_value_decides_a_drill(line: str, value: Value, result: str, why: str) -> None:
    judged = drill(line, value)
    assert (judged.result, judged.why) == (result, why)


@pytest.mark.parametrize(
    ("line", "value", "late_p99_s", "result"),
    [
        ("frt p90 < 45s", 24.7, 0.9, "met"),  # 50 x 0.9 s = 45 s is no finer than the limit
        ("frt p90 < 45s", 24.7, 0.91, "inconclusive"),
        ("frt p90 < 45s", 45.5, 0.91, "inconclusive"),  # 44.6 s without the lateness
        ("frt p90 < 45s", 46.0, 0.91, "missed"),
        ("service_level >= 80%", 0.9, 0.41, "inconclusive"),  # it is about 20 s
        ("service_level 30s >= 80%", 0.9, 0.41, "met"),
        ("abandonment < 5%", 0.01, 9.0, "met"),
        ("recovery <= 15min", None, 9.0, "met"),  # nothing breaks
    ],
)
def test_a_late_run_is_trusted_for_coarse_limits_only(
    line: str, value: float | None, late_p99_s: float, result: str
) -> None:
    """A limit finer than fifty times the lateness is missed if it is missed without it too, else inconclusive."""
    assert drill(line, Value(value), late_p99_s).result == result


@pytest.mark.parametrize(
    ("recoveries", "value", "result", "why"),
    [
        ([], NONE, "met", "no fault"),
        ([recovery(510.0)], Value(510.0), "met", "8 min 30 s"),
        ([recovery(510.0), recovery(1000.0)], Value(1000.0), "missed", "16 min 40 s"),
        ([recovery(3600.0, over=True, result="missed")], Value(3600.0, over=True), "missed", "over 1 h"),
        ([recovery(None, result="inconclusive", why=NO_EFFECT)], NONE, "inconclusive", f"agents-leave: {NO_EFFECT}"),
        (
            [recovery(None, result="inconclusive", why=NO_EFFECT), recovery(3600.0, over=True)],
            Value(3600.0, over=True),
            "missed",
            "over 1 h",
        ),
    ],
)
def test_the_worst_fault_decides_recovery(recoveries: list[Recovery], value: Value, result: str, why: str) -> None:
    (judged,) = judge_drill(objectives("recovery <= 15min"), {"recovery_s": value}, recoveries=recoveries)
    assert (judged.result, judged.why) == (result, why)


@pytest.mark.parametrize(
    ("line", "value", "result"),
    [
        ("frt p90 < 45s", Value(40.0, 36.0, 44.0), "met"),
        ("frt p90 < 45s", Value(44.0, 40.0, 48.0), "inconclusive"),
        ("frt p90 < 45s", Value(50.0, 46.0, 54.0), "missed"),
        ("frt p90 < 45s", Value(40.0, 36.0, 44.0, over=True), "inconclusive"),
        ("frt p90 < 45s", Value(40.0), "inconclusive"),  # a single day
        ("frt p90 < 45s", NONE, "inconclusive"),
        ("satisfaction >= 85%", Value(0.9, 0.88, 0.92), "met"),
        ("satisfaction >= 85%", Value(0.8, 0.78, 0.82), "missed"),
        ("recovery <= 15min", NONE, "met"),
    ],
)
def test_a_forecast_decides_when_its_interval_clears_the_limit(line: str, value: Value, result: str) -> None:
    (asked,) = objectives(line)
    assert judge_forecast([asked], {asked.key: value}, faults=False)[0].result == result


def test_a_forecast_of_recovery_wants_a_fault_that_could_be_judged() -> None:
    (judged,) = judge_forecast(objectives("recovery <= 15min"), {"recovery_s": NONE}, faults=True)
    assert judged.result == "inconclusive"


def test_an_objective_shows_all_three_worlds() -> None:
    """What ``run.json`` says of it: what was asked, what each world says, what became of it and why."""
    (asked,) = objectives("frt p90 < 45s for all")
    values = [{asked.key: Value(v)} for v in (31.2, 31.0, 30.0)]
    assert judge_drill([asked], values[0], same_rows=values[1], forecast=values[2]) == [
        Judged(
            name="frt p90 < 45s for all",
            measure="frt_p90_s[all]",
            op="<",
            limit=45.0,
            measured=Value(31.2),
            same_rows=Value(31.0),
            forecast=Value(30.0),
            result="met",
            why="31.2 s",
        )
    ]


@pytest.mark.parametrize(
    ("results", "gates", "verdict"),
    [
        ([], [], Verdict("met", 0, "nothing was asked")),
        (["met", "met"], [SOUND], Verdict("met", 0, "all 2 objectives met")),
        (["met", "missed"], [SOUND], Verdict("missed", 1, "missed: second")),
        (["inconclusive", "missed"], [SOUND], Verdict("missed", 1, "missed: second")),
        (["inconclusive", "met"], [SOUND], Verdict("inconclusive", 3, "inconclusive: first")),
        (["met", "missed"], [BROKEN], Verdict("inconclusive", 3, "the run cannot be trusted: sent / planned")),
        ([], [BROKEN], Verdict("inconclusive", 3, "the run cannot be trusted: sent / planned")),
    ],
)
def test_the_verdict_of_a_run(results: list[str], gates: list[Gate], verdict: Verdict) -> None:
    """A failed gate comes first, then what was missed, then what is open."""
    judged = [
        Judged(n, n, "<", 1.0, None, None, None, r, "") for n, r in zip(("first", "second"), results, strict=False)
    ]
    assert conclude(judged, gates) == verdict


@pytest.mark.parametrize(
    ("results", "expected"), [(["met"], "inconclusive"), ([], "inconclusive"), (["missed"], "missed")]
)
def test_a_rehearsal_that_a_fault_says_nothing_of_has_met_nothing(results: list[str], expected: str) -> None:
    judged = [Judged("first", "first", "<", 1.0, None, None, None, r, "") for r in results]
    made = conclude(judged, [SOUND], [recovery(None, result="inconclusive", why=NO_EFFECT), recovery(60.0)])
    assert made.result == expected
    if expected == "inconclusive":
        assert (made.exit_code, made.why) == (3, f"the rehearsal says too little: agents-leave: {NO_EFFECT}")


def test_a_forecast_on_the_other_side_is_a_finding() -> None:
    """So is a fault that customers did not notice."""
    asked = objectives("frt p90 < 45s", "abandonment < 5%")
    measured = {"frt_p90_s": Value(31.0), "abandonment": Value(0.02)}
    forecast = {"frt_p90_s": Value(52.0, 49.0, 55.0), "abandonment": Value(0.03, 0.02, 0.04)}
    judged = judge_drill(asked, measured, forecast=forecast)
    assert findings(asked, judged, [recovery(0.0, why=UNNOTICED), recovery(600.0)]) == [
        "agents-leave: customers did not notice",
        "frt p90 < 45s: met, but the forecast expected 52 s (49 s to 55 s)",
    ]

"""By what a change is judged: the rule of the verdict that it is to turn."""

from __future__ import annotations

from crestline import verdict
from crestline.measures import Value
from crestline.remedies.standard import AsDrill, AsForecast
from crestline.scenario import load

ASKED = load("quick", ["objectives=[abandonment < 10%, frt p90 < 60s]"]).objectives
LEFT, WAITED = ASKED


def estimates(left: Value, waited: Value) -> dict[str, Value]:
    return {LEFT.key: left, WAITED.key: waited}


# A forecast is met when the whole interval clears the limit; what was unsure has to become sure.
def test_a_forecast_asks_for_the_whole_interval() -> None:
    seen = estimates(Value(0.12, 0.11, 0.13), Value(59.0, 57.0, 61.0))
    standard = AsForecast(ASKED, verdict.judge_forecast(ASKED, seen, faults=False), faults=False)
    assert (standard.missed, standard.unsure, standard.kept) == ([LEFT], [WAITED], [])
    wide, narrow = Value(0.09, 0.07, 0.11), Value(0.09, 0.085, 0.095)
    assert not standard.standing(LEFT, {LEFT.key: wide}, {}).is_met
    assert standard.standing(LEFT, {LEFT.key: narrow}, {}).is_met


def drill(measured: float, simulated: float, held: float = 0.0) -> AsDrill:
    """A drill in which ``measured`` of the contacts left, and ``simulated`` of the same ones in simulated time."""
    live = estimates(Value(measured), Value(20.0))
    same = estimates(Value(simulated), Value(20.0))
    days = estimates(Value(simulated, p_met=held), Value(20.0, p_met=1.0))
    return AsDrill.of(ASKED, verdict.judge_drill(ASKED, live, same_rows=same, forecast=days), same, days)


# The same customers have to hold it by more than live runs differ by, and nine days in ten as well.
def test_a_drill_asks_for_the_same_customers_and_for_most_days() -> None:
    standard = drill(measured=0.12, simulated=0.12)
    assert (standard.missed, standard.kept) == ([LEFT], [WAITED])

    def is_met(left: float, held: float) -> bool:
        return standard.standing(LEFT, {LEFT.key: Value(left, p_met=held)}, {LEFT.key: Value(left)}).is_met

    assert is_met(0.09, 0.95)
    assert not is_met(0.099, 0.95)  # within the error of a live run
    assert not is_met(0.09, 0.8)  # the next customers may well miss it


# What the live run was worse by than its simulation it will be worse by again.
def test_a_drill_heeds_what_the_live_run_differed_by() -> None:
    standard = drill(measured=0.12, simulated=0.10)
    first, days = {LEFT.key: Value(0.08)}, {LEFT.key: Value(0.08, p_met=1.0)}
    assert not standard.standing(LEFT, days, first).is_met  # 0.08 + 0.02 is no less than 0.10
    assert drill(measured=0.12, simulated=0.12).standing(LEFT, days, first).is_met


# What was met has to be met by no fewer days than before.
def test_what_was_met_stays_as_sure_as_it_was() -> None:
    standard = drill(measured=0.09, simulated=0.09, held=0.7)
    first = {LEFT.key: Value(0.09)}
    assert standard.standing(LEFT, {LEFT.key: Value(0.09, p_met=0.7)}, first).is_met
    assert not standard.standing(LEFT, {LEFT.key: Value(0.09, p_met=0.6)}, first).is_met

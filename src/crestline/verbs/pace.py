"""A scenario as it is played live: at the level that was asked for, and no faster than one injector keeps up."""

from __future__ import annotations

from crestline.scenario import Scenario, changed, live_time_scale


def at_pace(scenario: Scenario, level: float | None = None) -> Scenario:
    """The scenario at the asked level, as fast as it can be played live."""
    if level is not None:
        scenario = changed(scenario, [f"load_test.level={level}"])
    pace = live_time_scale(scenario)
    if pace == scenario.load_test.time_scale:
        return scenario
    return changed(scenario, [f"load_test.time_scale={pace:.6g}"])

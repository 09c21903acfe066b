"""``crestline check``: say what a scenario says, or every problem of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from crestline.cli.options import ScenarioArgument, Sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crestline.scenario import Incident, Scenario
    from crestline.verbs.check import GroupLoad, Stretch, Summary


def check(scenario: ScenarioArgument, sets: Sets = None) -> None:
    """Say what a scenario says, or every problem of it at once.

    \b
    Examples:
      crestline check monthly-drill
      crestline check my-service.yaml
      crestline check my-service.yaml --set load_test.level=150% --set 'faults=[]'
    """
    from crestline.scenario import load
    from crestline.verbs.check import summarize

    checked = load(scenario, sets or ())
    for line in _lines(checked, summarize(checked)):
        typer.echo(line)


def _lines(scenario: Scenario, summary: Summary) -> Iterator[str]:
    from crestline.units import format_duration
    from crestline.verbs.announce import load_in_words

    yield f"{scenario.name}: no problems"
    if scenario.about:
        yield f"  {scenario.about}"
    yield f"DAY      {_stretch(summary.day)}"
    yield f"DRILL    {_stretch(summary.window)}, at {load_in_words(scenario)}"
    yield f"         takes {format_duration(summary.real_s)} live, measured after {_ramp(scenario)}"
    for group in summary.groups:
        yield f"AGENTS   {_group(group)}"
    yield from _what_happens(scenario)
    for objective in scenario.objectives:
        yield f"ASKED    {objective.text}"
    for warning in summary.warnings:
        yield f"WARNING  {warning}"


def _stretch(stretch: Stretch) -> str:
    from crestline.units import format_rate

    peak = f"peak {format_rate(stretch.peak_per_s)} at {stretch.peak_at}"
    return f"{stretch.start} to {stretch.end}, {stretch.contacts:,.0f} contacts, {peak}"


def _ramp(scenario: Scenario) -> str:
    from crestline.units import format_duration

    ramp = scenario.load_test.ramp
    return f"a ramp of {format_duration(ramp)}" if ramp else "no ramp"


def _group(group: GroupLoad) -> str:
    from crestline.units import format_share

    used = f" ({format_share(group.offered_erlang / group.slots)})" if group.slots else ""
    return f"{group.group}: {group.offered_erlang:.1f} erlang offered at the drill's peak, {group.slots} slots{used}"


def _what_happens(scenario: Scenario) -> Iterator[str]:
    from crestline.units import format_clock, format_duration

    standby = scenario.standby
    if standby is not None:
        come = f"{format_duration(standby.call_in)} after {standby.call_when.text}"
        yield f"STANDBY  {standby.agents} agents join {standby.group} {come}"
    breaker = scenario.triage.breaker if scenario.triage else None
    if breaker is not None:
        opens = f"{breaker.failures} contacts in a row without a reply of the bot in {format_duration(breaker.timeout)}"
        yield f"BREAKER  opens after {opens}; every {format_duration(breaker.open_for)} one tries again"
    for fault in scenario.faults:
        yield f"FAULT    {fault.kind} at {format_clock(fault.at)} for {format_duration(fault.for_)}"
    if scenario.incident is not None:
        yield f"INCIDENT {_incident(scenario.incident)}"


def _incident(incident: Incident) -> str:
    from math import isinf

    from crestline.units import format_duration, format_share

    word = "nobody speaks" if isinf(incident.first_word) else f"first word after {format_duration(incident.first_word)}"
    return f"complaints grow by {format_share(incident.grows)} of the usual ones an hour; {word}"

"""What must fit together across the parts of a scenario. Each check yields (place, words); all of them are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from crestline.scenario.block import Place, nearest
from crestline.scenario.fault_checks import (
    bad_releases_are_alike,
    baseline_is_long_enough,
    faults_find_what_they_break,
    faults_hit_a_group,
    faults_lie_in_the_window,
    faults_of_a_kind_do_not_overlap,
    spikes_add_demand,
)
from crestline.scenario.load_checks import (
    recorded_contacts_are_known,
    some_recorded_arrival_is_played,
    some_step_is_asked,
    spike_lies_in_the_window,
    steps_fill_the_window,
)
from crestline.scenario.model import Scenario
from crestline.scenario.plan import bounds_between
from crestline.scenario.replay import Replay
from crestline.units import format_clock, format_duration, format_share, show

Finding = tuple[Place, str]
RESERVED = ("triage", "standby", "vip")


class Check(NamedTuple):
    """One check, and the parts of a scenario that must be sound for it to mean anything."""

    needs: frozenset[str]
    run: Callable[[Scenario], Iterator[Finding]]


def shares_add_up(scenario: Scenario) -> Iterator[Finding]:
    """The shares of the contact types are the whole."""
    total = sum(contact.share for contact in scenario.contacts.values())
    if abs(total - 1) > 1e-6:
        yield ("contacts",), f"shares add up to {format_share(total)}, expected 100 %"


def names_are_free(scenario: Scenario) -> Iterator[Finding]:
    """Contact types and groups do not bear a name that means something else in reports."""
    for part, names in (("contacts", scenario.contacts), ("agents", scenario.agents)):
        for name in names:
            if name in RESERVED:
                yield (part, name), f"{name} has a meaning of its own; give it another name"


def someone_comes(scenario: Scenario) -> Iterator[Finding]:
    """There is demand at some time of the day."""
    if not any(scenario.demand.rate.per_s):
        yield ("demand", "rate"), "is 0 all day, expected some arrivals"


def every_contact_is_served(scenario: Scenario) -> Iterator[Finding]:
    """For each contact type there is a group with that skill."""
    served = {skill for group in scenario.agents.values() for skill in group.skills}
    for name in scenario.contacts:
        if name not in served:
            yield ("contacts", name), f"no group of agents serves it; add {name} to the skills of one"


def skills_are_contacts(scenario: Scenario) -> Iterator[Finding]:
    """A skill is the name of a contact type, and stands once."""
    for group, agents in scenario.agents.items():
        if not agents.skills:
            yield ("agents", group, "skills"), "is empty, expected at least one contact type"
        for index, skill in enumerate(agents.skills):
            place = ("agents", group, "skills", index)
            if skill not in scenario.contacts:
                yield place, f"{show(skill)} is no contact type; {nearest(skill, scenario.contacts)}"
            elif skill in agents.skills[:index]:
                yield place, f"{show(skill)} stands twice; keep one"


def standby_joins_a_group(scenario: Scenario) -> Iterator[Finding]:
    """Standby names a group that exists."""
    if scenario.standby is not None and scenario.standby.group not in scenario.agents:
        group = scenario.standby.group
        yield ("standby", "group"), f"{show(group)} is no group of agents; {nearest(group, scenario.agents)}"


def window_lies_in_the_day(scenario: Scenario) -> Iterator[Finding]:
    """The drill's window begins and ends within the day, and is longer than its ramp."""
    window, day = scenario.load_test, scenario.day
    where = f"the day is {format_clock(day.start)} to {format_clock(day.end)}"
    if not day.start <= window.from_ < day.end:
        yield ("load_test", "from"), f"{format_clock(window.from_)} is outside the day; {where}"
    elif window.from_ + window.for_ > day.end:
        yield ("load_test", "for"), f"the window ends at {format_clock(window.from_ + window.for_)}; {where}"
    if window.ramp >= window.for_:
        yield ("load_test", "ramp"), f"expected less than the window ({format_duration(window.for_)})"


def measures_begin_in_the_day(scenario: Scenario) -> Iterator[Finding]:
    """Not the whole day is left out of the measures."""
    if scenario.settle >= scenario.day.length:
        yield ("settle",), f"expected less than the day ({format_duration(scenario.day.length)})"


def surges_lie_in_the_day(scenario: Scenario) -> Iterator[Finding]:
    """A surge begins within the day."""
    day = scenario.day
    for index, surge in enumerate(scenario.demand.surges):
        if not day.start <= surge.at < day.end:
            where = f"the day is {format_clock(day.start)} to {format_clock(day.end)}"
            yield ("demand", "surges", index, "at"), f"{format_clock(surge.at)} is outside the day; {where}"


def subjects_exist(scenario: Scenario) -> Iterator[Finding]:
    """An objective asks about a contact type that exists, or about VIPs if there are any."""
    for index, objective in enumerate(scenario.objectives):
        subject = objective.subject
        if subject == "vip":
            if scenario.vip.share == 0:
                yield ("objectives", index), f"{show(objective.text)}: no one is a VIP; set vip.share"
        elif subject is not None and subject not in scenario.contacts:
            words = f"{subject} is no contact type; {nearest(subject, [*scenario.contacts, 'vip'])}"
            yield ("objectives", index), f"{show(objective.text)}: {words}"


def plan_bounds_groups(scenario: Scenario) -> Iterator[Finding]:
    """Bounds of a plan are those of groups that exist, and leave room between them."""
    for name, bounds in (("minimum", scenario.plan.minimum), ("maximum", scenario.plan.maximum)):
        for group in bounds:
            if group not in scenario.agents:
                yield ("plan", name, group), f"is no group of agents; {nearest(group, scenario.agents)}"
    for group, least in scenario.plan.minimum.items():
        most = scenario.plan.maximum.get(group)
        for clock in sorted({*least.at, *(most.at if most else ())}):
            low, high = bounds_between(least, clock, clock + 1)[:1], bounds_between(most, clock, clock + 1)[:1]
            if low and high and high < low:
                words = f"at {format_clock(clock)} the maximum is {high[0]}, expected at least the minimum ({low[0]})"
                yield ("plan", "maximum", group), words


def shifts_are_worked(scenario: Scenario) -> Iterator[Finding]:
    """Shifts are for groups that exist, and every group has one."""
    for name, shift in scenario.shifts.items():
        for index, group in enumerate(shift.groups or ()):
            if group not in scenario.agents:
                words = f"{show(group)} is no group of agents; {nearest(group, scenario.agents)}"
                yield ("shifts", name, "groups", index), words
    for group in scenario.agents if scenario.shifts else ():
        if not any(shift.is_for(group) for shift in scenario.shifts.values()):
            yield ("shifts",), f"nobody of {group} works any of them; add {group} to the groups of one"


def shifts_touch_the_day(scenario: Scenario) -> Iterator[Finding]:
    """Somebody is on duty in a shift while the day lasts."""
    day = scenario.day
    for name, shift in scenario.shifts.items():
        for index, clock in enumerate(shift.start):
            if clock >= day.end or clock + shift.length <= day.start:
                where = f"the day is {format_clock(day.start)} to {format_clock(day.end)}"
                yield (
                    ("shifts", name, "start", index),
                    f"a shift from {format_clock(clock)} is outside the day; {where}",
                )


def incident_has_complaints(scenario: Scenario) -> Iterator[Finding]:
    """Complaints that grow are those of a contact type, and come on top of a curve: a recorded day has its own."""
    if scenario.incident is None:
        return
    if not any(contact.complaint for contact in scenario.contacts.values()):
        yield ("incident",), "no contact type is a complaint; mark one with complaint: true"
    if isinstance(scenario.demand.rate, Replay):
        yield ("incident",), "a recorded day cannot be told what else would have come; give demand.rate as a curve"


def candidate_is_of_this_service(scenario: Scenario) -> Iterator[Finding]:
    """A new version differs in what is there, and is rolled out within the day."""
    canary = scenario.canary
    for name in canary.candidate.contacts:
        if name not in scenario.contacts:
            yield ("canary", "candidate", "contacts", name), f"is no contact type; {nearest(name, scenario.contacts)}"
    bot = canary.candidate.triage
    if scenario.triage is None and (bot.reply_time, bot.accuracy) != (None, None):
        yield ("canary", "candidate", "triage"), "the scenario has no triage that could differ"
    day = scenario.day
    if canary.from_ is not None and not day.start <= canary.from_ < day.end:
        where = f"the day is {format_clock(day.start)} to {format_clock(day.end)}"
        yield ("canary", "from"), f"{format_clock(canary.from_)} is outside the day; {where}"


def objectives_differ(scenario: Scenario) -> Iterator[Finding]:
    """No objective stands twice."""
    texts = [objective.text for objective in scenario.objectives]
    for index, text in enumerate(texts):
        if text in texts[:index]:
            yield ("objectives", index), f"{show(text)} stands twice; keep one"


def _check(run: Callable[[Scenario], Iterator[Finding]], *needs: str) -> Check:
    return Check(frozenset(needs), run)


CHECKS = (
    _check(shares_add_up, "contacts"),
    _check(names_are_free, "contacts", "agents"),
    _check(someone_comes, "demand"),
    _check(every_contact_is_served, "contacts", "agents"),
    _check(skills_are_contacts, "contacts", "agents"),
    _check(standby_joins_a_group, "standby", "agents"),
    _check(faults_hit_a_group, "faults", "agents"),
    _check(faults_find_what_they_break, "faults", "triage", "recontact"),
    _check(spikes_add_demand, "faults", "demand"),
    _check(bad_releases_are_alike, "faults"),
    _check(window_lies_in_the_day, "load_test", "day"),
    _check(steps_fill_the_window, "load_test", "day"),
    _check(recorded_contacts_are_known, "demand", "contacts"),
    _check(some_recorded_arrival_is_played, "demand", "day"),
    _check(some_step_is_asked, "load_test"),
    _check(spike_lies_in_the_window, "load_test", "day"),
    _check(measures_begin_in_the_day, "settle", "day"),
    _check(surges_lie_in_the_day, "demand", "day"),
    _check(faults_lie_in_the_window, "faults", "load_test", "day"),
    _check(faults_of_a_kind_do_not_overlap, "faults", "triage"),
    _check(baseline_is_long_enough, "faults", "load_test", "objectives", "recovery", "day"),
    _check(subjects_exist, "objectives", "contacts", "vip"),
    _check(incident_has_complaints, "incident", "contacts", "demand"),
    _check(candidate_is_of_this_service, "canary", "contacts", "triage", "day"),
    _check(objectives_differ, "objectives"),
    _check(plan_bounds_groups, "plan", "agents"),
    _check(shifts_are_worked, "shifts", "agents"),
    _check(shifts_touch_the_day, "shifts", "day"),
)

"""Setting up: a scenario and a timeline become the kernel's tables."""

from __future__ import annotations

import math

import numpy as np

from crestline import rules
from crestline.engine.compiled import world as tables
from crestline.engine.compiled.world import NOBODY, Changes, Records, Rows, World
from crestline.engine.kinds import Kind
from crestline.scenario import Scenario, Standby, Triage
from crestline.tables import AS_USUAL, POOL_COLUMNS, WORKLOAD_COLUMNS, Outcome, Timeline, Workload
from crestline.workload.recontacts import most_recontacts, recontact_shares

SLICES = 65_536  # of time at most
PLACES = 1024  # to begin with; more are made as they are needed


def settings_of(scenario: Scenario, timeline: Timeline) -> Records:
    """The constants of a play."""
    made = np.zeros(1, tables.SETTINGS)
    made["start_s"] = timeline.start_s
    made["stop_s"] = timeline.stop_s
    made["last_s"] = timeline.stop_s + timeline.drain_s
    made["slice_s"] = slice_s(timeline.stop_s + timeline.drain_s - timeline.start_s)
    made["bucket_s"] = scenario.recovery.bucket
    made["longest"] = 1 + most_recontacts(scenario)
    made["groups"] = len(scenario.agents)
    made["near_s"], made["near"], made["far_s"], made["far"] = scenario.satisfaction.points
    if scenario.triage:
        _set_triage(made, scenario.triage)
    if scenario.standby:
        _set_standby(made, scenario.standby, list(scenario.agents), scenario.agents[scenario.standby.group].chats)
    return made


def slice_s(length_s: float) -> float:
    """The length of a slice of time: a power of two, so that no rounding puts an instant into the wrong one."""
    return float(2.0 ** max(0, math.ceil(math.log2(length_s / SLICES))))


def _set_triage(made: Records, triage: Triage) -> None:
    made["has_triage"] = True
    made["rejects_when_down"] = triage.when_down == "reject"
    made["transfer_after_s"] = triage.transfer_after
    made["start_up_s"] = triage.pool.start_up
    made["scale_in_after_s"] = triage.pool.scale_in_after
    for name in ("slots", "workers", "at_most", "scale_out_at", "step"):
        made[name] = getattr(triage.pool, name)
    if triage.breaker:
        made["has_breaker"] = True
        made["failures"] = triage.breaker.failures
        made["timeout_s"] = triage.breaker.timeout
        made["open_for_s"] = triage.breaker.open_for


def _set_standby(made: Records, standby: Standby, groups: list[str], chats: int) -> None:
    made["has_standby"] = True
    made["standby_group"] = groups.index(standby.group)
    made["standby_slots"] = standby.agents * chats
    made["standby_limit_s"] = standby.call_when.limit
    made["call_in_s"] = standby.call_in
    made["release_after_s"] = standby.release_after


def world_of(scenario: Scenario, timeline: Timeline) -> World:
    """The world as a play begins: nobody is there, and what is scheduled is scheduled."""
    names = list(scenario.contacts)
    skills_of = [[names.index(skill) for skill in group.skills] for group in scenario.agents.values()]
    groups_of = _groups_of(skills_of, len(names))
    settings = settings_of(scenario, timeline)
    scheduled = _scheduled(timeline, has_triage=scenario.triage is not None)
    shares = recontact_shares(scenario)
    conditions = (AS_USUAL, *timeline.conditions)
    usual = (1.0,) * len(scenario.agents)
    return World(
        settings=settings,
        clock=_clock(timeline, settings),
        events=np.empty(2 * PLACES + len(scheduled), tables.EVENT),
        later=_linked(np.zeros(2 * PLACES + len(scheduled), tables.LATER), 0),
        scheduled=scheduled,
        slices=np.full(int((settings["last_s"][0] - timeline.start_s) / settings["slice_s"][0]) + 1, NOBODY),
        contacts=_linked(np.zeros(PLACES, tables.CONTACT), 0),
        lines=np.array([(NOBODY, NOBODY, NOBODY, 0)] * (2 * len(names) + 1), tables.LINE),
        groups=np.array([(0, 0, 0, len(skills)) for skills in skills_of], tables.GROUP),
        workers=np.zeros(int(max(settings["at_most"][0], settings["workers"][0])), tables.WORKER),
        ended=np.empty(0, tables.ENDED),
        changes=empty_changes(0),
        skills=np.array(
            [
                (NOBODY if kind.queue_limit is None else kind.queue_limit, ranked[0], kind.bot == "skip")
                for kind, ranked in zip(scenario.contacts.values(), groups_of, strict=True)
            ],
            tables.SKILL,
        ),
        skills_of=_table(skills_of),
        groups_of=_table(groups_of),
        back_shares=np.array([shares[outcome] for outcome in Outcome]),
        faults=np.array([(f.notice_s, f.healed_s - f.start_s, NOBODY) for f in timeline.faults], tables.FAULT),
        conditions=np.array(
            [tuple(getattr(one, name) for name in tables.CONDITION.names or ()) for one in conditions], tables.CONDITION
        ),
        handle_factors=np.array([one.handle_factors or usual for one in conditions]),
    )


def rows_of(piece: Workload, *, is_last: bool) -> Rows:
    """A piece of the workload, or the whole of it, for the kernel."""
    columns = {name: getattr(piece, name) for name in WORKLOAD_COLUMNS}
    return Rows(np.array([(piece.first_row, is_last)], tables.PIECE), **columns)


def empty_changes(count: int) -> Changes:
    """Room for changes of pools."""
    return Changes(*(np.empty(count, POOL_COLUMNS[name].dtype) for name in Changes._fields))


def with_more_places(world: World) -> World:
    """More room for contacts, or for events."""
    clock = world.clock[0]
    contacts, later, events = world.contacts, world.later, world.events
    if clock["in_use"] + world.settings[0]["longest"] > len(contacts):
        count = len(contacts)
        contacts = _grown(contacts)
        contacts["next"][-1], clock["free"] = clock["free"], count
    else:
        count = len(later)
        later = _grown(later)
        later["next"][-1], clock["free_later"] = clock["free_later"], count
        events.resize(len(later), refcheck=False)
    return world._replace(contacts=contacts, later=later, events=events)


def _grown(records: Records) -> Records:
    """An eighth more of them; no second copy is needed where the system can move pages."""
    count = len(records)
    records.resize(count + max(PLACES, count // 8), refcheck=False)
    _linked(records[count:], count)
    return records


def _linked(free: Records, first: int) -> Records:
    """Free places from a number on, each linked to the next."""
    free["next"] = np.arange(first + 1, first + len(free) + 1)
    free["next"][-1] = NOBODY
    return free


def _clock(timeline: Timeline, settings: Records) -> Records:
    clock = np.zeros(1, tables.CLOCK)
    clock["now_s"] = timeline.start_s
    clock["tick_s"] = timeline.start_s + settings["bucket_s"]
    clock["slice_end_s"] = timeline.start_s
    clock["arrival_s"] = math.inf
    clock["calm_since_s"] = clock["quiet_since_s"] = math.nan
    clock["wants_rows"] = 1
    clock["breaker"], clock["opened_s"], clock["trial"] = rules.BREAKER_CLOSED, math.nan, NOBODY
    return clock


def _table(lists: list[list[int]]) -> Records:
    """Lists of different lengths as rows of one table; NOBODY fills up."""
    width = max(map(len, lists)) + 1
    return np.array([[*row, *[NOBODY] * (width - len(row))] for row in lists], np.int64)


def _groups_of(skills_of: list[list[int]], skills: int) -> list[list[int]]:
    """For every skill the groups that have it, as a contact ranks them."""
    return [
        [
            group
            for _, group in sorted(
                rules.rank_of_group(has.index(skill), group) for group, has in enumerate(skills_of) if skill in has
            )
        ]
        for skill in range(skills)
    ]


def _scheduled(timeline: Timeline, *, has_triage: bool) -> Records:
    """Shifts and faults as events."""
    events: list[tuple[float, int, int]] = []

    def at(instant_s: float, kind: Kind, row: int, of: int) -> None:
        events.append((timeline.start_s + (instant_s - timeline.start_s), kind << 40 | row, of))

    for group, staffing in enumerate(timeline.staffing):
        for instant_s, more in zip(staffing.time_s, np.diff(staffing.slots, prepend=0).tolist(), strict=True):
            at(instant_s, Kind.SHIFT, group, more)
    for index, condition in enumerate(timeline.conditions):
        at(condition.time_s, Kind.CONDITION, index, 0 if condition[1:] == AS_USUAL[1:] else index + 1)
    for index, fault in enumerate(timeline.faults):
        if fault.does == "platform-outage":
            at(fault.start_s, Kind.DOOR, index, 1)
            at(fault.healed_s, Kind.DOOR, index, -1)
        elif fault.does == "triage-outage" and has_triage:
            at(fault.start_s, Kind.STRIKE, index, index)
    return np.array(events, tables.EVENT)

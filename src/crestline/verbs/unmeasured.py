"""What a run could not measure, and why: null in its account instead of 0, and never judged as if it were good.

A measure of a target that lacks something is left without a value, with the reason in its place; an objective on it
is inconclusive, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from crestline.compare import World
from crestline.live import adapters
from crestline.live.adapters import Capabilities
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.measures import Value, keys
from crestline.measures.recovery import INCONCLUSIVE, Recovery
from crestline.scenario import Scenario

AGREEMENT, INTEGRITY, TRIAGE = "agreement", "integrity", "triage"
NO_RATINGS = "the target takes no ratings"
NO_LOG = "the target keeps no log that could be read"
NO_POOLS = "the target tells nothing of its pools"
OWN_BOT = "the target's bot does not obey the script, so that its outcomes are its own"
NO_AGENTS = "nobody was there to answer (--no-agents)"
OTHERS = "who is at work at the target is not known (--no-agents)"
LOAD_ONLY = "load only (--no-agents): no forecast stands beside it, since in it all agents of the scenario are at work"
POLLED = "the target tells nothing by itself: waits and replies are known no finer than it is asked, and seem longer"
BY_AGENTS = {
    "wait_probability",
    "service_level",
    "abandonment",
    "resolution_rate",
    "occupancy",
    "satisfaction",
    "recovery_s",
    "cost_per_contact",
}  # and every duration: what depends on people who answer
BY_STAFF = ("occupancy", "recovery_s", "cost_per_contact")  # what depends on how many they are
Lacks = Mapping[str, str]


def not_to_be_judged(scenario: Scenario, adapter: str, *, agents: bool) -> list[str]:
    """Objectives of which it is known beforehand that they cannot be judged, each with the reason."""
    lacks = dict(_lacks(scenario, adapter, agents=agents))
    asked = [(objective.text, _why(objective.key, lacks)) for objective in scenario.objectives]
    return [f"{text}: cannot be judged, {why}" for text, why in asked if why]


def not_measured(plan: Plan, scenario: Scenario, records: Records, *, answered: bool = True) -> dict[str, str]:
    """What cannot be measured in a run, by the names of measures or of parts of the account, each with the reason.

    ``answered``: whether anybody has answered a contact, be it the target's own people.
    """
    lacks = dict(_lacks(scenario, plan.adapter, agents=plan.agents))
    if _meets_bot(scenario) and not len(records.sizes(TRIAGE).time_s):
        lacks[TRIAGE] = NO_POOLS
    if not plan.agents and not answered:
        lacks |= dict.fromkeys([AGREEMENT, *filter(_is_by_agents, keys.FIXED)], NO_AGENTS)
    return lacks


def _lacks(scenario: Scenario, adapter: str, *, agents: bool) -> Iterator[tuple[str, str]]:
    can = adapters.load(adapter).capabilities
    if not can.rating:
        yield "satisfaction", NO_RATINGS
    if not can.export:
        yield INTEGRITY, NO_LOG
    if _meets_bot(scenario) and not can.scripted:
        yield AGREEMENT, OWN_BOT
    if not agents:
        yield from ((name, OTHERS) for name in (AGREEMENT, *BY_STAFF))


def _meets_bot(scenario: Scenario) -> bool:
    return scenario.triage is not None and any(kind.bot != "skip" for kind in scenario.contacts.values())


def _is_by_agents(name: str) -> bool:
    return name in BY_AGENTS or keys.time(name) is not None


def _why(key: str, lacks: Lacks) -> str:
    """Why a measure has no value; empty where it may have one."""
    name = keys.split(key).name
    if name.startswith("service_level"):
        name = "service_level"
    is_by_agents = _is_by_agents(name) and lacks.get("occupancy") == NO_AGENTS
    return lacks.get(name) or (NO_AGENTS if is_by_agents else "")


def remarks(plan: Plan, integrity: Mapping[str, int] | None, load: Mapping[str, Any]) -> list[str]:
    """What a reader should know of how the target was seen."""
    can = adapters.load(plan.adapter).capabilities
    return [
        *([LOAD_ONLY] if not plan.agents else []),
        *([POLLED] if not can.push else []),
        *doubled_work(integrity, load, can),
    ]


def doubled_work(integrity: Mapping[str, int] | None, load: Mapping[str, Any], can: Capabilities) -> list[str]:
    """What there is to say of contacts that were given to two agents, by the target's own log or as agents saw it."""
    doubled = max(integrity["doubled"] if integrity else 0, load.get("doubled_claims") or 0)
    if not doubled:
        return []
    cause = "although it declares atomic_claim" if can.atomic_claim else "since its claims are not atomic"
    return [f"doubled work: the target gave {doubled:,} contacts to two agents at once, {cause}"]


def without(world: World, lacks: Lacks) -> World:
    """The measured world without the values that are none."""
    return replace(
        world,
        recoveries=tuple(_unseen(r, lacks["recovery_s"]) for r in world.recoveries)
        if "recovery_s" in lacks
        else world.recoveries,
        values=_blank(world.values, lacks),
        parts=tuple(_blank(part, lacks) for part in world.parts),
    )


def _blank(values: Mapping[str, Value], lacks: Lacks) -> dict[str, Value]:
    return {
        key: Value(None, why=f"not measured: {why}") if (why := _why(key, lacks)) else value
        for key, value in values.items()
    }


def _unseen(recovery: Recovery, why: str) -> Recovery:
    """A fault whose effect on customers cannot be told; of the target itself it is known when it was well again."""
    return replace(
        recovery,
        detected_s=None,
        operational_recovery_s=None,
        over=False,
        result=INCONCLUSIVE,
        why=f"not measured: {why}",
    )

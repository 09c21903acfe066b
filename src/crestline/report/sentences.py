"""The sentences of a report: what a manager can repeat, and what an engineer looks for in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crestline.measures import keys
from crestline.measures.recovery import UNNOTICED
from crestline.report import advice, planning, unseen, words
from crestline.report.alerts import alert_lines
from crestline.report.worth import worth_sentences
from crestline.units import format_clock, format_level

Run = Mapping[str, Any]

SAYINGS = {
    "frt": "{share} of customers had a first reply within {value}",
    "agent_frt": "{share} of customers who needed an agent had one within {value}",
    "wait": "{share} of customers in a queue waited no longer than {value}",
    "mean_wait_s": "customers in a queue waited {value} on average",
    "abandonment": "{value} of the customers in a queue gave up waiting",
    "error_rate": "{value} of contacts failed",
    "rejected": "{value} of contacts were turned away",
    "resolution_rate": "{value} of contacts were resolved",
    "occupancy": "agents were busy {value} of their time",
    "satisfaction": "{value} of customers were satisfied",
    "recovery_s": "queues were back {value} after {fault}",
    "cost_per_contact": "a resolved contact cost {value}",
}
_HOLDS = {"forecast": "the service would hold", "plan": "with this roster the service would hold"}
FINISHED = "run finished"  # the gate of a run that came to its end
MODELLED = ("forecast", "plan")  # kinds of runs in which nothing is called
_WORLDS = ("measured", "forecast", "same_rows")


def headline(run: Run) -> list[str]:
    """The parts of the first line: what was done, how hard, with which seed, against what."""
    at = level(run)
    parts = [f"{run.get('scenario', '')}{' at ' if at else ''}{at}"]
    if run.get("kind") in MODELLED and run.get("replications"):
        days = f"{run['replications']} days"
        parts.append(f"planned by {days}" if run["kind"] == "plan" else f"{days} simulated")
    parts.append(f"seed {run.get('seed')}")
    if run.get("kind") not in MODELLED:
        parts.append(f"against {target(run)}")
    return parts


def level(run: Run) -> str:
    """How hard: ``200 % of peak`` for a drill, ``150 % of its demand`` for a forecast; empty for a usual day."""
    factor = (run.get("span") or {}).get("level") or run.get("level")
    if not factor or (factor == 1 and run.get("kind") in MODELLED):
        return ""
    hard = f"{format_level(factor)} of {'its demand' if run.get('kind') in MODELLED else 'peak'}"
    return f"{hard}{_climb(run)}"


def _climb(run: Run) -> str:
    """From where to where a load climbs, if it does: ``, in steps from 50 % to 200 %``."""
    if "last_level_held" not in run:
        return ""
    levels = [step["level"] for step in run["steps"]]
    return f", in steps from {format_level(levels[0])} to {format_level(levels[-1])}"


def title(run: Run) -> str:
    """What kind of run it was, in capitals."""
    return (
        str(run.get("scenario") if run.get("kind") == "drill" else run.get("kind") or "run").replace("-", " ").upper()
    )


def target(run: Run) -> str:
    """What was tried."""
    return str(run.get("target") or run.get("host") or "the reference desk")


def verdict_count(run: Run) -> str:
    """How many objectives were missed, in words."""
    results = [o.get("result") for o in run.get("objectives") or ()]
    failed = [g["name"] for g in run.get("gates") or () if not g.get("ok")]
    if FINISHED in failed and run.get("why"):
        return str(run["why"])
    if failed:
        return f"not trustworthy: {', '.join(failed)} out of bounds"
    if not results:
        return str(run["why"]) if run.get("kind") == "plan" else "nothing was asked"
    missed, unclear = results.count("missed"), results.count("inconclusive")
    if missed:
        rest = f", {unclear} inconclusive" if unclear else ", everything else held" if missed < len(results) else ""
        return f"{missed} of {_objectives(len(results))} missed{rest}"
    if unclear:
        return f"{unclear} of {_objectives(len(results))} could not be judged"
    return f"all {_objectives(len(results))} held" if len(results) > 1 else "the objective held"


def _objectives(number: int) -> str:
    return f"{number} objective{'s' if number != 1 else ''}"


def verdict_sentence(run: Run) -> str:
    """One plain sentence that a manager can repeat."""
    objectives = run.get("objectives") or ()
    gates = [g for g in run.get("gates") or () if not g.get("ok")]
    if run.get("why") and any(gate["name"] == FINISHED for gate in gates):
        return f"This run did not come to its end: {run['why']}."
    if gates:
        return f"This run cannot be relied upon: {gates[0]['name']} was {_gate(gates[0])}."
    missed = [o for o in objectives if o.get("result") == "missed"]
    unclear = [o for o in objectives if o.get("result") == "inconclusive"]
    if missed:
        first, rest = missed[0], len(missed) - 1
        more = f", and {rest} more objective{'s' if rest > 1 else ''} missed" if rest else ""
        return _sentence(f"{said(run, first)}, where the limit is {_limit(run, first)}{more}")
    if unclear:
        why = f": {unclear[0]['why']}" if unclear[0].get("why") else ""
        return f"Whether {unclear[0]['name']} holds could not be judged{why}."
    if not objectives:
        return "Nothing was asked of this run; it shows what happened."
    holds = _HOLDS.get(run.get("kind") or "", "the service held")
    return _sentence(f"{holds}: {_and([said(run, o) for o in _telling(objectives)])}")


def _telling(objectives: Any) -> list[Any]:
    """The first objective and recovery: what the sentence of a met run says."""
    with_value = [o for o in objectives if any((o.get(world) or {}).get("value") is not None for world in _WORLDS)]
    recovery = [o for o in with_value[1:] if o["measure"] == "recovery_s"]
    return [*with_value[:1], *recovery[:1]]


def said(run: Run, objective: Mapping[str, Any]) -> str:
    """What the measure of an objective came to, as a clause."""
    key = keys.split(objective["measure"])
    unit = keys.unit(objective["measure"])
    worlds = [objective.get(world) for world in _WORLDS]
    found = next((world for world in worlds if world and world.get("value") is not None), None)
    if key.name == "recovery_s" and found and found["value"] == 0:
        faults = len(run.get("faults") or ())
        if faults > 1:
            return f"customers noticed none of {faults} faults"
        return f"customers did not notice when {_fault(run)}"
    text = words.value(found, unit, run.get("currency") or "")
    stem, _, stat = key.name.removesuffix("_s").rpartition("_")
    percent = f"{stat[1:]} %" if stat[:1] == "p" and stat[1:].isdigit() else ""
    if percent and stem in SAYINGS:
        clause = SAYINGS[stem].format(share=percent, value=text)
    elif key.name in SAYINGS:
        clause = SAYINGS[key.name].format(value=text, fault=_fault(run))
    else:
        clause = f"{objective['name'].split(' <')[0].split(' >')[0]} came to {text}"
    clause = f"{clause} ({key.subject})" if key.subject else clause
    return f"{clause} in the worst interval" if key.each_interval else clause


def _fault(run: Run) -> str:
    kinds = {fault["kind"] for fault in run.get("faults") or ()}
    return words.FAILED.get(kinds.pop(), "the fault struck") if len(kinds) == 1 else "the fault struck"


def _limit(run: Run, objective: Mapping[str, Any]) -> str:
    return words.quantity(objective["limit"], keys.unit(objective["measure"]), run.get("currency") or "")


def _and(clauses: list[str]) -> str:
    return ", and ".join(clauses) if clauses else "nothing broke its limit"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _gate(gate: Mapping[str, Any]) -> str:
    return f"{words.quantity(gate.get('value'), '')} where the limit is {words.quantity(gate.get('limit'), '')}"


def fault_sentence(run: Run, fault: Mapping[str, Any]) -> str:
    """One fault from its strike to its end."""
    at = format_clock((run.get("day_start") or 0) + fault["planned_s"])
    effective = fault.get("effective_s")
    if effective is None:
        why = f" ({fault['error']})" if fault.get("error") else ""
        return f"{fault['kind']} at {at}: never took effect{why}"
    parts = []
    if fault.get("detected_s") is not None:
        parts.append(f"detected after {words.quantity(fault['detected_s'] - effective, 's')}")
    if fault.get("detected_by_target_s") is not None:
        parts.append(
            f"alarm of the target itself after {words.quantity(fault['detected_by_target_s'] - effective, 's')}"
        )
    technical, operational = fault.get("technical_recovery_s"), fault.get("operational_recovery_s")
    if technical == 0:
        parts.append("the target itself stayed well")
    elif technical is not None:
        parts.append(f"{words.BACK.get(fault['kind'], 'healed')} after {words.quantity(technical, 's')}")
    if operational is not None and fault.get("detected_s") is None:
        parts.append(UNNOTICED)
    elif operational is not None and fault.get("over"):
        parts.append(f"queues not back within {words.quantity(operational, 's')}")
    elif operational is not None:
        parts.append(f"queues back after {words.quantity(operational, 's')}")
    return f"{fault['kind']} at {at}: {', '.join(parts) or 'recovery could not be judged'}"


def load_sentence(run: Run) -> str:
    """What was sent, and what that cost."""
    load = run.get("load") or {}
    planned, sent = load.get("planned"), load.get("sent")
    if planned is None or sent is None:
        return ""
    share = f" ({words.quantity(sent / planned, 'share')})" if planned else ""
    again = f" ({words.count(load['came_again'])} of them again)" if load.get("came_again") else ""
    parts = [f"{words.count(planned)} contacts planned{again}, {words.count(sent)} sent{share}"]
    if load.get("dropped") is not None:
        parts.append(f"{words.count(load['dropped'])} dropped")
    if load.get("late_p99_s") is not None:
        parts.append(f"lateness p99 {_lateness(load['late_p99_s'], load.get('time_scale'))}")
    for key, word in {"overhead_s": "overhead", "hand_over_s": "hand-over"}.items():
        if load.get(key) is not None:
            parts.append(f"{word} {words.quantity(load[key], 's')}")
    return ", ".join(parts)


def _lateness(late_s: float, time_scale: float | None) -> str:
    """Scenario seconds, after the real time that they were where the run says how fast it was played."""
    scenario = words.quantity(late_s, "s")
    return f"{words.quantity(late_s / time_scale, 's')} = {scenario}" if time_scale else scenario


def findings(run: Run) -> list[str]:
    """What a reader should know beside the verdict, without what the lines on faults have said."""
    faults = [fault_sentence(run, fault) for fault in run.get("faults") or ()]
    told = {f"{fault.split(' at ')[0]}: {UNNOTICED}" for fault in faults if fault.endswith(UNNOTICED)}
    return [str(finding) for finding in run.get("findings") or () if finding not in told]


def lost_sentence(run: Run) -> str:
    """Whether the target kept everything it had accepted; empty where it cannot say."""
    found = run.get("integrity") or {}
    if found.get("accepted") is None:
        return ""
    wrong = [f"{words.count(found.get(key) or 0)} {key}" for key in ("lost", "doubled", "orphaned")]
    clean = not any(found.get(key) for key in ("lost", "doubled", "orphaned"))
    return f"{'nothing: ' if clean else ''}{words.count(found['accepted'])} accepted, {', '.join(wrong)}"


def remarks(run: Run) -> list[tuple[str, str]]:
    """What there is to say below the objectives, each with the word that introduces it."""
    unclear = [o for o in run.get("objectives") or () if o.get("result") == "inconclusive" and o.get("why")]
    said = [
        *planning.remarks(run),
        *(("DOUBT", f"{o['name']}: {o['why']}") for o in unclear),
        *(("FAULT", fault_sentence(run, fault)) for fault in run.get("faults") or ()),
        *(("ALERT", line) for line in alert_lines(run)),
        ("LOAD", load_sentence(run)),
        ("LOST", lost_sentence(run)),
        *unseen.remarks(run),
        *(("WHY", finding) for finding in findings(run)),
        *(("WORTH", text) for text in worth_sentences(run)),
        *advice.remarks(run),
    ]
    return [(label, text) for label, text in said if text]

"""What the guards show of one fault: when customers noticed it, and when they were served as before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np

from crestline.measures import guards
from crestline.measures.guards import Service
from crestline.scenario import Recovery as Rules
from crestline.tables import Bools, Fault, Floats, Timeline
from crestline.units import format_duration

AWAITED = "the run ended before recovery could be seen"


@dataclass(frozen=True)
class Sighting:
    """One fault as customers saw it; instants in seconds, None for what was not seen.

    ``free_s`` is when the next fault counts on its own: one that strikes earlier is judged together with this one.
    """

    baseline: tuple[float, float]
    detected_s: float | None = None
    recovered_s: float | None = None
    seen_s: float | None = None  # from when on this was known; None while the play has to go on
    free_s: float = inf
    given_up: bool = False
    unclear: str = ""  # why nothing can be said


def look(
    service: Service, fault: Fault, rules: Rules, timeline: Timeline, before: Sighting | None, next_s: float
) -> Sighting:
    """What the guards show of ``fault``, after the fault ``before`` and until the next one strikes at ``next_s``."""
    joined = before is not None and fault.start_s < before.free_s
    baseline = before.baseline if before is not None and joined else (timeline.measured_from_s, fault.start_s)
    doubt = "" if joined else _doubt(service, baseline, rules)
    if not doubt:
        bad = guards.bad_windows(service, baseline, rules.sustain, rules.limit)
        since_s = max(baseline[1] - rules.sustain, before.free_s if before else -inf)
        if joined or not bad[(service.ticks_s >= since_s) & (service.ticks_s < baseline[1])].any():
            return _follow(service, bad, fault, rules, timeline.stop_s, Sighting(baseline), next_s)
        doubt = "the baseline is not steady: customers waited too long before the fault"
    return Sighting(baseline, seen_s=fault.start_s, free_s=-inf, unclear=doubt)


def _doubt(service: Service, baseline: tuple[float, float], rules: Rules) -> str:
    """Why the time before a fault tells too little of how it usually is; empty where it does."""
    length, needed = baseline[1] - baseline[0], 2 * rules.sustain
    if length < needed:
        return f"the baseline is {format_duration(max(length, 0.0))}, expected at least {format_duration(needed)}"
    if service.queue.size(*baseline, rules.sustain) == 0:
        return f"fewer than {guards.FEWEST} contacts in {format_duration(rules.sustain)} before the fault"
    return ""


def _follow(
    service: Service, bad: Bools, fault: Fault, rules: Rules, stop_s: float, blank: Sighting, next_s: float
) -> Sighting:
    """From the effect to recovery, to giving up, or to where nobody is going to notice any more."""
    give_up = fault.start_s + rules.give_up
    quiet = min(fault.healed_s + rules.sustain if isfinite(fault.healed_s) else inf, give_up)
    inside = (service.ticks_s >= fault.start_s) & (service.ticks_s <= give_up)
    ticks, bad = service.ticks_s[inside], bad[inside]
    known_by = stop_s + rules.bucket / 2  # edges that were seen stand off the grid of ticks
    detected = _second_in_a_row(ticks, bad, next_s if next_s >= quiet else inf)
    if detected is None:
        return replace(blank, seen_s=quiet, free_s=quiet) if known_by >= quiet else replace(blank, unclear=AWAITED)
    recovered = _first_calm(service, ticks, bad, detected, rules.sustain)
    if recovered is not None:
        end = recovered + rules.sustain
        return replace(blank, detected_s=detected, recovered_s=recovered, seen_s=end, free_s=recovered)
    if known_by >= give_up:
        return replace(blank, detected_s=detected, seen_s=give_up, given_up=True)
    return replace(blank, detected_s=detected, unclear=AWAITED)


def _second_in_a_row(ticks: Floats, bad: Bools, before_s: float) -> float | None:
    """The first tick whose window is bad after another bad one."""
    pairs = np.flatnonzero(bad[1:] & bad[:-1]) + 1
    return float(ticks[pairs[0]]) if len(pairs) and ticks[pairs[0]] < before_s else None


def _first_calm(service: Service, ticks: Floats, bad: Bools, detected_s: float, sustain_s: float) -> float | None:
    """The first tick after detection that begins ``sustain_s`` without a bad window and with the allowed share."""
    bad_ticks = ticks[bad]
    for tick in ticks[~bad & (ticks > detected_s) & (ticks + sustain_s <= ticks[-1])]:
        following = np.searchsorted(bad_ticks, tick)
        calm = following == len(bad_ticks) or bad_ticks[following] > tick + sustain_s
        if calm and guards.holds_share(service, tick, tick + sustain_s):
            return float(tick)
    return None

"""What a live run says of itself: the figures by which it is judged whether its measures can be trusted."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from itertools import accumulate
from typing import Any

from crestline.live.crowd import Crowd, Unfinished
from crestline.live.scene import Scene
from crestline.tables import Outcome


def load(scene: Scene, crowd: Crowd, *, cpu_share: float, unfinished: Unfinished, stopped_by: str) -> dict[str, Any]:
    """The figures of a run; durations in scenario seconds, NaN where there was nothing to measure.

    ``host`` is the target, for whoever judges the run later and asks the target for its log. ``unfinished`` are the
    contacts that the end has cut off, ``oldest_s`` is the age of the oldest; ``cpu_share`` is that of the busiest
    process; ``failures`` is what customers met with that no fault explains, ``adapter_errors`` what the adapter raised
    for agents and the probe, each with how often. ``held_back`` is how many requests waited since ``max_rate`` allowed
    no more, in this process and in workers, and ``held_back_s`` how long together.
    """
    tally, scale, held = scene.floor.tally, scene.clock.time_scale, scene.held()
    return {
        "host": scene.host,
        "planned": tally.planned,
        "sent": tally.sent,
        "dropped": tally.dropped,
        "late_p99_s": _quantile(sorted(tally.late), 0.99) * scale,
        "overhead_s": _median(tally.overhead) * scale,
        "hand_over_s": _mean(tally.hand_over) * scale,
        "in_flight_max": tally.in_flight_max,
        "unfinished": unfinished.contacts,
        "oldest_s": unfinished.oldest * scale,
        "workers": crowd.workers,
        "workers_planned": max(scene.plan.workers, crowd.planned_workers),
        "lost_shares": list(crowd.lost),
        "cpu_share": max(cpu_share, crowd.cpu_share),
        "agents_planned": tally.slots_planned,
        "agents_live": tally.slots_live,
        "doubled_claims": tally.doubled,
        "failures": dict(scene.trouble.causes.most_common(3)),
        "adapter_errors": dict(scene.aside.raised.most_common(3)),
        "request_errors": tally.request_errors,
        "held_back": held.requests + tally.held_back,
        "held_back_s": (held.seconds + tally.held_back_s) * scale,
        "requests": scene.latencies.table(),
        "time_scale": scale,
        "stop_s": scene.timeline.start_s + scene.stop * scale,
        "finished": not stopped_by,
        "stopped_by": stopped_by,
    }


def progress(scene: Scene, busy: int, slots: int, rate: float) -> dict[str, Any]:
    """How far a run is: one line for whoever watches; ``at`` in real seconds since zero."""
    floor, tally = scene.floor, scene.floor.tally
    ended = tally.ended.total()
    return {
        "at": scene.clock.now(),
        "planned": tally.planned,
        "sent": tally.sent,
        "waiting": floor.waiting,
        "in_flight": floor.in_flight,
        "frt_p90": _counted_quantile(tally.answers, 0.9),
        "abandonment": _share(tally.abandoned, tally.entered),
        "error_rate": _share(tally.ended[Outcome.FAILED] + tally.ended[Outcome.DROPPED], ended),
        "resolution_rate": _share(tally.ended[Outcome.BOT_RESOLVED] + tally.ended[Outcome.AGENT_RESOLVED], ended),
        "satisfaction": _share(tally.satisfied, ended),
        "busy": busy,
        "slots": slots,
        "requests_per_s": rate,
        "fault": scene.fault_now,
        "alerts": list(scene.alerts.values()),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _quantile(ascending: list[float], share: float) -> float:
    return ascending[math.ceil(share * len(ascending)) - 1] if ascending else math.nan


def _counted_quantile(counted: Counter[float], share: float) -> float:
    ascending = sorted(counted)
    up_to = accumulate(counted[number] for number in ascending)
    rank = math.ceil(share * counted.total())
    return next((number for number, so_far in zip(ascending, up_to, strict=True) if so_far >= rank), math.nan)


def _median(numbers: list[float]) -> float:
    return statistics.median(numbers) if numbers else math.nan


def _mean(numbers: list[float]) -> float:
    return statistics.fmean(numbers) if numbers else math.nan

"""The technical guards: whether the target itself is well, by what the harness's own probe saw of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crestline.tables import Bools, Floats

ERRORS = 0.01
SLOWER = 3.0  # times the p90 of the baseline
SLOW_S = 1.0  # but never less than this, in real seconds


@dataclass(frozen=True, eq=False)
class Probe:
    """What the probe saw of the target, one row a look, in order of time."""

    time_s: Floats  # scenario seconds
    ok: Bools  # whether it was answered
    service_s: Floats  # how long the answer took, real seconds
    pools_whole: Bools  # whether every pool had as many members ready as it ought to have


def technical_recovery_s(
    probe: Probe, ticks_s: Floats, baseline: tuple[float, float], effective_s: float, sustain_s: float
) -> float | None:
    """From the effect to the first of the ticks that begins ``sustain_s`` without a bad one; None if there is none.

    0 where the probe never saw the target unwell.
    """
    after = ticks_s >= effective_s
    ticks, bad = ticks_s[after], unwell(probe, ticks_s, baseline)[after]
    if len(ticks) and not bad.any():
        return 0.0
    bad_ticks = ticks[bad]
    first_bad = bad_ticks[0] if len(bad_ticks) else np.inf
    for tick in ticks[~bad & (ticks > first_bad)]:
        if tick + sustain_s <= ticks[-1] and not ((bad_ticks >= tick) & (bad_ticks <= tick + sustain_s)).any():
            return float(tick - effective_s)
    return None


def unwell(probe: Probe, ticks_s: Floats, baseline: tuple[float, float]) -> Bools:
    """On which ticks the requests since the tick before had errors, were slow, or a pool was not at its size."""
    calm = (probe.time_s >= baseline[0]) & (probe.time_s < baseline[1]) & probe.ok
    usual = float(np.quantile(probe.service_s[calm], 0.9, method="inverted_cdf")) if calm.any() else 0.0
    slow_s = max(SLOW_S, SLOWER * usual)
    edges = np.searchsorted(probe.time_s, ticks_s, side="right")
    before = np.concatenate(([0], edges[:-1]))
    return np.array([_unwell(probe, first, last, slow_s) for first, last in zip(before, edges, strict=True)], np.bool_)


def _unwell(probe: Probe, first: int, last: int, slow_s: float) -> bool:
    if first == last:
        return False  # nothing was asked
    ok, service = probe.ok[first:last], probe.service_s[first:last]
    errors = 1 - ok.mean() > ERRORS
    slow = ok.any() and np.quantile(service[ok], 0.9, method="inverted_cdf") > slow_s
    return bool(errors or slow or not probe.pools_whole[last - 1])

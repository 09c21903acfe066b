"""The simulators that are timed do the same work: each is right about the common model, in a small size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from scipy import sparse, stats
from scipy.sparse.linalg import spsolve

from crestline.engine import reference
from crestline.tables import Floats, Outcome

from .contenders import CONTENDERS, Contender
from .in_crestline import sampled
from .model import CommonModel

SMALL = CommonModel(agents=5, gap_s=300 / 5.25)
REPLICATIONS, CONTACTS = 10, 1500
MOST_WAITING = (25, 60)  # VIPs, others; more at once is as good as impossible


class Theory(NamedTuple):
    """The steady state of the model."""

    abandoned: float
    wait_s: float
    vip_wait_s: float


def rates(model: CommonModel) -> Iterator[tuple[int, int, float]]:
    """From which state to which, and how often a second: idle agents first, then VIPs and others who wait."""
    vips, others = MOST_WAITING
    agents, served, left = model.agents, 1 / model.handle_s, 1 / model.patience_s
    come = {1: model.vip_share / model.gap_s, 0: (1 - model.vip_share) / model.gap_s}

    def waiting(vip: int, other: int) -> int:
        return agents + vip * (others + 1) + other

    for busy in range(agents):
        yield busy, busy + 1, 1 / model.gap_s
        yield busy + 1, busy, (busy + 1) * served
    for vip in range(vips + 1):
        for other in range(others + 1):
            here = waiting(vip, other)
            if vip < vips:
                yield here, waiting(vip + 1, other), come[1]
                yield waiting(vip + 1, other), here, agents * served + (vip + 1) * left
            if other < others:
                yield here, waiting(vip, other + 1), come[0]
                yield waiting(vip, other + 1), here, (0 if vip else agents * served) + (other + 1) * left


def steady_state(model: CommonModel) -> Theory:
    """Shares of time by the balance of flows; waits from queue lengths (Little 1961)."""
    source, target, rate = map(np.array, zip(*rates(model), strict=True))
    states = max(source.max(), target.max()) + 1
    flow = sparse.coo_array((rate, (target, source)), shape=(states, states)).tolil()
    flow.setdiag(-np.bincount(source, rate, minlength=states))
    flow[0, :] = 1  # shares add up to one
    share = spsolve(flow.tocsr(), np.eye(states)[0])[model.agents :].reshape(MOST_WAITING[0] + 1, -1)
    vips = float(share.sum(axis=1) @ np.arange(share.shape[0]))
    everyone = vips + float(share.sum(axis=0) @ np.arange(share.shape[1]))
    wait_s = everyone * model.gap_s
    return Theory(wait_s / model.patience_s, wait_s, vips * model.gap_s / model.vip_share)


def assert_theory(theory: float, samples: Floats, within: float) -> None:
    """Theory lies in the 99.9 % t-interval of the samples, whose half width is less than ``within`` of it."""
    half = stats.t.ppf(0.9995, len(samples) - 1) * samples.std(ddof=1) / math.sqrt(len(samples))
    assert half < within * theory
    assert abs(samples.mean() - theory) < half


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda c: c.plays)
def test_everyone_plays_the_same_model(contender: Contender) -> None:
    """Who leaves and how long all and VIPs wait is as theory says; without priority VIPs would wait 58 % longer."""
    if contender.missing:
        pytest.skip(contender.missing)
    theory = steady_state(SMALL)
    plays = [contender.play(CONTACTS, seed, SMALL) for seed in range(1, REPLICATIONS + 1)]
    for name in Theory._fields:
        assert_theory(getattr(theory, name), np.array([getattr(seen, name) for seen in plays]), within=0.3)


def test_c_ends_each_contact_at_the_same_instant() -> None:
    """The port in C is no other model: the same columns lead to the same rows of contacts and pool, bit for bit."""
    if missing := next(c.missing for c in CONTENDERS if c.needs == "cc"):
        pytest.skip(missing)
    from .in_c import from_workload, play

    given = sampled(CONTACTS, 1, SMALL)
    outcomes, pools = reference.play(*given)
    played = play(from_workload(given.workload), SMALL.agents)
    cut_s = given.timeline.stop_s + given.timeline.drain_s
    known = outcomes.outcome != Outcome.OPEN
    for name in ("planned_s", "claimed_s", "ended_s", "outcome"):
        ours, in_c = getattr(outcomes, name), getattr(played, name)[: len(outcomes)]
        np.testing.assert_array_equal(ours[known], in_c[known])
    until = played.pool_s <= cut_s
    begun = slice(1, None)  # the agents' coming is a row of its own
    np.testing.assert_array_equal(pools.time_s[begun], played.pool_s[until])
    np.testing.assert_array_equal(pools.busy[begun], played.busy[until])
    np.testing.assert_array_equal(pools.waiting[begun], played.waiting[until])

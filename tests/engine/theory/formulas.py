"""What queueing theory says, exactly: closed forms, and the Kolmogorov equations where there is none.

Rates are per minute, and handle times have a mean of one minute.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from crestline.tables import Floats, Ints


def stationary(per_minute: float, leaving: Callable[[int], float], most: int = 2000) -> Floats:
    """The shares of time with n contacts in the system, of a birth and death process."""
    log_weight = np.cumsum([0.0, *(math.log(per_minute / leaving(n)) for n in range(1, most + 1))])
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def erlang_b(load: float, agents: int) -> float:
    """The share turned away where nobody waits (Erlang 1917)."""
    return float(stationary(load, float, agents)[-1])


def erlang_c(load: float, agents: int) -> float:
    """The share that has to wait where everybody does (Erlang 1917)."""
    return float(stationary(load, lambda n: min(n, agents))[agents:].sum())


class ErlangA(NamedTuple):
    """The steady state where customers lose patience (Palm 1946; Garnett, Mandelbaum and Reiman 2002)."""

    per_minute: float
    agents: int
    impatience: float  # a waiting customer leaves at this rate

    @property
    def shares(self) -> Floats:
        """The shares of time with n contacts in the system."""
        return stationary(
            self.per_minute, lambda n: min(n, self.agents) + self.impatience * max(n - self.agents, 0), most=400
        )

    @property
    def waits(self) -> float:
        """The share that has to wait."""
        return float(self.shares[self.agents :].sum())

    @property
    def wait(self) -> float:
        """Mean minutes in the queue, of those who leave, too (Little 1961)."""
        shares = self.shares
        return float(shares[self.agents :] @ np.arange(len(shares) - self.agents)) / self.per_minute

    @property
    def abandonment(self) -> float:
        """The share that leaves."""
        return self.impatience * self.wait

    def answered_within(self, minutes: float) -> float:
        """The share answered within so long: whoever waits moves up as those before are answered or leave."""
        ahead = np.arange(200)
        up = self.agents + self.impatience * ahead  # the rate at which one fewer is ahead; answered after the last
        moves = np.diag(-up - self.impatience) + np.diag(up[1:], -1)
        answered = np.zeros(len(ahead))
        answered[0] = self.agents
        chain = np.block([[moves, answered[:, None]], [np.zeros((1, len(ahead) + 1))]])
        by_then = expm(minutes * chain)[:-1, -1]
        shares = self.shares
        return float(shares[: self.agents].sum() + shares[self.agents :][:200] @ by_then)


class Priorities(NamedTuple):
    """Two classes with one handle time, nobody interrupted (Kella and Yechiali 1985): minutes in the queue."""

    vips: float
    others: float


def two_classes(vips_per_minute: float, others_per_minute: float, agents: int) -> Priorities:
    """Mean waits of both classes, M/M/c."""
    load = vips_per_minute + others_per_minute
    vips = erlang_c(load, agents) / (agents - vips_per_minute)
    return Priorities(vips, vips / (1 - load / agents))


class Instant(NamedTuple):
    """A changing day at one instant: who comes then waits, mean in line, and who has left so far."""

    waits: float
    queue: float
    left: float


MOST_IN_LINE = 120


def changing_day(
    per_minute: Callable[[float], float],
    agents: Sequence[tuple[float, int]],
    impatience: float,
    kinks: Sequence[float],
    at: Sequence[float],
) -> list[Instant]:
    """M_t/M/s_t + M from an empty start: the Kolmogorov equations of (busy agents, contacts in line), solved.

    ``agents`` are (minute, how many from then on). Who goes home finishes what is in hand, so that more may be busy
    than are there, while others wait. The rate is smooth but at the steps and ``kinks``.
    """
    most = max(there for _, there in agents)
    steps = dict(agents)
    state = np.zeros((most + 1) * (MOST_IN_LINE + 1) + 1)
    state[0] = 1.0
    there, made = 0, []
    for begin, end in pairwise(sorted({0.0, *steps, *kinks, *at})):
        there = steps.get(begin, there)
        chain = _Chain.of(most, there, impatience)
        state[:-1] = chain.after_step(state[:-1])
        state = chain.solved(state, per_minute, begin, end)
        if end in at:
            made.append(chain.seen(state))
    return made


class _Chain(NamedTuple):
    """All moves between states while so many agents are there."""

    busy: Ints
    line: Ints
    there: int
    arrivals: sparse.csr_array
    departures: sparse.csr_array
    impatience: float

    @classmethod
    def of(cls, most: int, there: int, impatience: float) -> _Chain:
        busy, line = (grid.ravel() for grid in np.mgrid[0 : most + 1, 0 : MOST_IN_LINE + 1])
        free = busy < there
        takes_next = (busy <= there) & (line > 0)
        arrivals = _moves(np.ones(len(busy)), busy + free, np.minimum(line + ~free, MOST_IN_LINE))
        departures = _moves(busy, busy - ~takes_next, line - takes_next) + _moves(impatience * line, busy, line - 1)
        return cls(busy, line, there, arrivals, departures, impatience)

    def after_step(self, shares: Floats) -> Floats:
        """Who is new takes from the line at once."""
        taken = np.minimum(self.line, np.maximum(self.there - self.busy, 0))
        to = (self.busy + taken) * (MOST_IN_LINE + 1) + self.line - taken
        return np.asarray(np.bincount(to, shares, minlength=len(shares)), np.float64)

    def solved(self, state: Floats, per_minute: Callable[[float], float], begin: float, end: float) -> Floats:
        """The shares, and how many have left, some time later."""

        def change(minute: float, state: Floats) -> Floats:
            shares = state[:-1]
            flow = per_minute(minute) * (self.arrivals @ shares) + self.departures @ shares
            return np.append(flow, self.impatience * (self.line @ shares))

        return np.asarray(solve_ivp(change, (begin, end), state, rtol=1e-7, atol=1e-10).y[:, -1])

    def seen(self, state: Floats) -> Instant:
        """What is asked of an instant."""
        shares = state[:-1]
        return Instant(float(shares[self.busy >= self.there].sum()), float(self.line @ shares), float(state[-1]))


def _moves(rate: Floats, busy: Ints, line: Ints) -> sparse.csr_array:
    """From every state at a rate to another, as the derivative of the shares of time."""
    origin = np.arange(len(rate))
    to = np.where(rate > 0, busy * (MOST_IN_LINE + 1) + line, origin)
    entries = (np.concatenate((rate, -rate)), (np.concatenate((to, origin)), np.concatenate((origin, origin))))
    return sparse.csr_array(entries, (len(rate), len(rate)))

"""How intervals stand: the share of contacts that met each objective over many days, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crestline.measures.scorecard import share_asked
from crestline.replicate import t_quantile
from crestline.scenario import Objective
from crestline.tables import Bools, Floats, Ints
from crestline.units import format_duration, format_share

RISK = 0.025  # of each bound: the chance that the true share lies on its other side
FEWEST = 30  # contacts over all days; with fewer, an interval is not judged


@dataclass(frozen=True, eq=False)
class Standing:
    """Counters of many days of one roster: ``hits`` of ``of`` contacts, days x objectives x intervals."""

    objectives: tuple[Objective, ...]
    hits: Ints
    of: Ints
    days: int  # how many the bound is for

    @cached_property
    def share(self) -> Floats:
        """Of all days together, objectives x intervals; 0 where nobody came."""
        total = self.of.sum(axis=0)
        return _ratio(self.hits.sum(axis=0), total)

    @cached_property
    def half_width(self) -> Floats:
        """Of the share's 95 % interval, from how much days differ (the ratio of two sums: Cochran 1977, 6.3)."""
        rest = self.hits - self.share * self.of
        played = len(self.hits)
        spread = np.sqrt((rest**2).sum(axis=0) * played / (played - 1) * played / self.days)
        return t_quantile(self.days - 1) * _ratio(spread, self.of.sum(axis=0))

    @cached_property
    def bound(self) -> Floats:
        """The end of the interval that has to clear the limit: the lower one where more is better."""
        return np.asarray(np.clip(self.share - self._sign * self.half_width, 0.0, 1.0))

    @cached_property
    def judged(self) -> Bools:
        """Where there were enough contacts to judge by, objectives x intervals."""
        return np.asarray(self.of.sum(axis=0) * self.days >= FEWEST * len(self.of))

    @cached_property
    def margin(self) -> Floats:
        """How much of what may fail the bound leaves: 1 all, 0 none, negative where the limit is passed.

        Infinite where nothing is judged.
        """
        return self._left(self.bound)

    @cached_property
    def slack(self) -> Floats:
        """How much of what may fail the share itself leaves."""
        return self._left(self.share)

    def short(self, wanted: Bools) -> Bools:
        """The intervals in which a wanted objective does not hold with its bound."""
        return np.asarray((self._fails(self.margin) & wanted).any(axis=0))

    def missed(self, wanted: Bools) -> Bools:
        """The intervals in which the share itself misses a wanted objective."""
        return np.asarray((self._fails(self.slack) & wanted).any(axis=0))

    def holds(self) -> Bools:
        """Where the bound clears the limit, objectives x intervals."""
        return ~self._fails(self.margin)

    def name(self, objective: int) -> str:
        """What the share is of: ``abandonment``, or ``agent_frt within 2 min`` for a percentile."""
        kind = self.objectives[objective]
        within = f" within {format_duration(kind.limit)}" if kind.stat is not None else ""
        return f"{kind.measure}{within}{f' for {kind.subject}' if kind.subject else ''}"

    def said(self, objective: int, interval: int) -> str:
        """A share with its bound, such as ``93.1 % within 2 min, at least 90.8 %``."""
        kind = self.objectives[objective]
        share, bound = float(self.share[objective, interval]), float(self.bound[objective, interval])
        within = f" within {format_duration(kind.limit)}" if kind.stat is not None else ""
        side = "at least" if self._sign[objective, 0] > 0 else "at most"
        return f"{format_share(share)}{within}, {side} {format_share(bound)}"

    def _fails(self, margin: Floats) -> Bools:
        strict = np.array([[o.stat is None and o.op in {"<", ">"}] for o in self.objectives], np.bool_)
        return np.where(strict, margin <= 0, margin < 0)

    def _left(self, share: Floats) -> Floats:
        fails, may = (np.where(self._sign > 0, 1 - each, each) for each in (share, self.asked))
        nothing_may = np.where(fails > 0, -np.inf, 0.0)
        left = np.where(may > 0, 1 - fails / np.where(may > 0, may, 1.0), nothing_may)
        return np.where(self.judged, left, np.inf)

    @cached_property
    def asked(self) -> Floats:
        """The share that has to be reached or must not be passed, objectives x 1."""
        return np.array([[share_asked(objective)] for objective in self.objectives])

    @cached_property
    def _sign(self) -> Floats:
        """1 where a share must be reached, -1 where it must not be passed."""
        return np.array([[1.0 if o.at_least or o.stat is not None else -1.0] for o in self.objectives])


def _ratio(part: Floats | Ints, whole: Ints) -> Floats:
    """A part of a whole, 0 where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0))


def pooled(objectives: tuple[Objective, ...], days: Sequence[tuple[Ints, Ints]]) -> Standing:
    """The counters of several plays, one a day."""
    hits, of = (np.array([day[part] for day in days], np.int64) for part in (0, 1))
    return Standing(objectives, hits, of, len(days))

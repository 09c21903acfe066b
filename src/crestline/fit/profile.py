"""When first attempts arrive: a rate per half hour, joined by straight lines, and how much whole days differ.

What recontacts explain is taken out first: the scenario makes its own recontacts, and redials would count twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from crestline.errors import UsageError
from crestline.fit.calls import Calls
from crestline.fit.day_type import HALF_HOUR_S, DayType
from crestline.fit.estimate import Z95, Estimate
from crestline.fit.outages import Outage
from crestline.fit.recontact import Recontact, returning
from crestline.tables import Floats


@dataclass(frozen=True, eq=False)
class Profile:
    """First attempts per half hour of a day, with what was taken out and how whole days differ."""

    opens_s: float
    contacts: Floats  # per half hour and day, all contacts of the log
    first: tuple[Estimate, ...]  # per half hour and day, recontacts taken out; n = dates seen
    day_factor_cv: Estimate
    dispersion: float  # variance / mean of half hours after profile and day factor; Poisson is 1

    @property
    def recontacts(self) -> float:
        """Expected recontacts a day."""
        return float(self.contacts.sum() - sum(e.value for e in self.first))

    @property
    def points(self) -> tuple[Floats, Floats]:
        """Clock seconds and rates per second of the curve; see ``join``."""
        at_s, per_s = join(np.array([e.value for e in self.first]) / HALF_HOUR_S)
        return self.opens_s + at_s * HALF_HOUR_S, per_s


def fit_profile(calls: Calls, day_type: DayType, outages: tuple[Outage, ...], recontact: Recontact | None) -> Profile:
    """The profile from calls on the fitted dates that asked for an agent in opening hours, outages cut out."""
    outages = tuple(outage for outage in outages if outage.day in day_type.days)
    seen = _exposure(day_type, outages)
    came = _per_bin(day_type, outages, calls.day.astype(float), calls.queue_s, np.ones(len(calls)))
    again = _per_bin(day_type, outages, *returning(calls, recontact))
    exposed = seen.sum(axis=0)
    if (exposed == 0).any():
        at = day_type.opens_s / 3600 + np.flatnonzero(exposed == 0)[0] / 2
        msg = f"the half hour from {at:g} h was in an outage on every fitted date; fit more dates"
        raise UsageError(msg)
    contacts = came.sum(axis=0) / exposed
    first = np.maximum(came.sum(axis=0) - again.sum(axis=0), 0.0)  # recontacts cannot explain more than came
    values = first / exposed
    cv, factor = _day_factor((came - again).sum(axis=1), seen @ values)
    return Profile(
        opens_s=day_type.opens_s,
        contacts=contacts,
        first=tuple(_bin_estimates(came, again, seen, values)),
        day_factor_cv=cv,
        dispersion=_dispersion(came, seen * contacts * factor[:, None]),
    )


def join(rates: Floats) -> tuple[Floats, Floats]:
    """Points of a continuous line whose mean over bin k is ``rates[k]``: at every edge and middle, in units of a bin.

    An edge lies between its neighbours' rates, but at most at twice the lower one, so that no middle is negative.
    """
    inner = np.minimum((rates[:-1] + rates[1:]) / 2, 2 * np.minimum(rates[:-1], rates[1:]))
    edges = np.concatenate((rates[:1], inner, rates[-1:]))
    middles = 2 * rates - (edges[:-1] + edges[1:]) / 2
    points = np.empty(2 * len(rates) + 1)
    points[::2], points[1::2] = edges, middles
    return np.arange(len(points)) / 2, points


def _exposure(day_type: DayType, outages: tuple[Outage, ...]) -> Floats:
    """Share of every date's half hours that no outage cuts out."""
    seen = np.ones((len(day_type.days), day_type.bins))
    starts = day_type.opens_s + np.arange(day_type.bins) * HALF_HOUR_S
    for outage in outages:
        overlap = np.minimum(starts + HALF_HOUR_S, outage.cut_until_s) - np.maximum(starts, outage.start_s)
        seen[day_type.days.index(outage.day)] -= np.clip(overlap, 0.0, None) / HALF_HOUR_S
    return np.clip(seen, 0.0, 1.0)


def _per_bin(day_type: DayType, outages: tuple[Outage, ...], day: Floats, clock_s: Floats, weight: Floats) -> Floats:
    """Weighted instants per fitted date and half hour, outside of outages and within opening hours."""
    ours = np.isin(day, day_type.days) & (clock_s >= day_type.opens_s) & (clock_s < day_type.closes_s)
    for outage in outages:
        ours &= ~((day == outage.day) & (clock_s >= outage.start_s) & (clock_s < outage.cut_until_s))
    row = np.searchsorted(day_type.days, day[ours])
    slot = ((clock_s[ours] - day_type.opens_s) // HALF_HOUR_S).astype(int)
    table = np.zeros((len(day_type.days), day_type.bins))
    np.add.at(table, (row, slot), weight[ours])
    return table


def _bin_estimates(came: Floats, again: Floats, seen: Floats, values: Floats) -> list[Estimate]:
    """Every half hour's first attempts with the normal interval of the mean over dates."""
    estimates = []
    for slot, value in enumerate(values):
        dates = seen[:, slot] > 0.5
        each = (came - again)[dates, slot] / seen[dates, slot]
        count = int(dates.sum())
        half = Z95 * float(each.std(ddof=1)) / math.sqrt(count) if count > 1 else math.inf
        estimates.append(Estimate(float(value), max(0.0, float(value) - half), float(value) + half, count))
    return estimates


def _day_factor(counts: Floats, expected: Floats) -> tuple[Estimate, Floats]:
    """Coefficient of variation of whole days beyond Poisson, with a chi-square interval, and every day's factor."""
    from scipy.stats import chi2

    free = len(counts) - 1
    if free < 1:
        return Estimate(0.0, 0.0, math.inf, len(counts)), np.ones(len(counts))
    factor = counts / expected
    level = float(expected.mean())
    spread = float(((counts - expected) ** 2 / expected).sum())  # ~ (1 + level cv^2) chi2(free)

    def cv(divisor: float) -> float:
        return math.sqrt(max(0.0, spread / divisor - 1.0) / level)

    low, high = cv(float(chi2.ppf(0.975, free))), cv(float(chi2.ppf(0.025, free)))
    return Estimate(cv(free), low, high, len(counts)), factor


def _dispersion(came: Floats, expected: Floats) -> float:
    """Variance over mean of half hours, given what profile and day factor expect."""
    inside = expected > 1.0
    free = inside.sum() - came.shape[0] - came.shape[1] + 1
    return float(((came - expected) ** 2 / np.where(inside, expected, 1.0))[inside].sum() / max(free, 1))

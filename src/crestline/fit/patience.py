"""How long customers wait before they leave, with those who were answered first taken as censored.

Whoever was answered after 90 s would have waited at least 90 s: leaving them out, or taking their wait for patience,
makes people look several times less patient than they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from crestline.errors import UsageError
from crestline.fit.estimate import Estimate
from crestline.tables import Bools, Floats

DRAWS = 60
FEWEST = 50  # leavers

# log density and log survival of waits given parameters on the whole line
Family = Callable[[Floats, Floats], tuple[Floats, Floats]]


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits in whole seconds, each once: how many left then, how many were answered then."""

    seconds: Floats
    left: Floats
    answered: Floats

    @classmethod
    def of(cls, wait_s: Floats, left: Bools) -> Waits:
        """Only those who had to wait at all tell something about patience."""
        seconds, place = np.unique(wait_s[wait_s > 0], return_inverse=True)
        gone = left[wait_s > 0]
        return cls(
            seconds,
            np.bincount(place[gone], minlength=len(seconds)).astype(float),
            np.bincount(place[~gone], minlength=len(seconds)).astype(float),
        )

    @property
    def leavers(self) -> int:
        """How many left."""
        return int(self.left.sum())

    @property
    def n(self) -> int:
        """How many waited."""
        return int(self.left.sum() + self.answered.sum())

    def again(self, stream: np.random.Generator) -> Waits:
        """As many waits drawn from these with replacement."""
        both = np.concatenate((self.left, self.answered))
        drawn = stream.multinomial(self.n, both / both.sum()).astype(float)
        return Waits(self.seconds, drawn[: len(self.left)], drawn[len(self.left) :])


class KaplanMeier(NamedTuple):
    """The median patience without assuming a family (Kaplan and Meier 1958), and the naive mean for comparison."""

    median_s: Estimate  # inf where fewer than half were seen to leave
    naive_mean_s: float
    exponential_mean_s: float  # total wait / leavers
    curve_s: Floats
    curve_share: Floats  # still waiting


class Patience(NamedTuple):
    """The best family: its parameters as the scenario writes them, its median and mean, and how well it fits."""

    family: str
    written: dict[str, float] | tuple[dict[str, float], ...]
    mean_s: Estimate
    median_s: Estimate
    leavers: int
    aic_over_exponential: float  # by how much the AIC is below the exponential's
    distance: float  # largest difference to the Kaplan-Meier curve
    longest_s: float


def kaplan_meier(waits: Waits) -> KaplanMeier:
    """The Kaplan-Meier curve and its median with the interval of the curve's own band (log-log)."""
    from scipy.stats import CensoredData, ecdf

    left = np.repeat(waits.seconds, waits.left.astype(int))
    answered = np.repeat(waits.seconds, waits.answered.astype(int))
    curve = ecdf(CensoredData(uncensored=left, right=answered)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the band is undefined where the curve is 0 or 1
        band: Any = curve.confidence_interval(method="log-log")
    total = float(waits.seconds @ (waits.left + waits.answered))
    seconds = np.asarray(curve.quantiles, dtype=float)
    median, low, high = (_crossing(seconds, np.asarray(c.probabilities)) for c in (curve, band.low, band.high))
    return KaplanMeier(
        median_s=Estimate(median, low, high, waits.leavers),
        naive_mean_s=float(left.mean()),
        exponential_mean_s=total / waits.leavers,
        curve_s=seconds,
        curve_share=np.asarray(curve.probabilities, dtype=float),
    )


def fit_patience(waits: Waits) -> Patience:
    """The family with the lowest AIC among those a scenario can state; its interval by bootstrap."""
    if waits.leavers < FEWEST:
        msg = f"only {waits.leavers} customers left after a wait; patience needs at least {FEWEST}"
        raise UsageError(msg)
    fits = {name: _maximise(waits, name, START[name](waits)) for name in FAMILIES}
    aic = {name: 2 * len(theta) + 2 * loss for name, (theta, loss) in fits.items()}
    best = min(aic, key=lambda name: aic[name])
    theta = fits[best][0]
    stream = np.random.Generator(np.random.Philox(waits.n))
    again = [_maximise(waits.again(stream), best, theta)[0] for _ in range(DRAWS)]
    curve = kaplan_meier(waits)
    seen = curve.curve_s <= np.quantile(np.repeat(waits.seconds, waits.left.astype(int)), 0.99)
    survival = np.exp(FAMILIES[best](theta, curve.curve_s[seen])[1])
    return Patience(
        family=best,
        written=WRITTEN[best](theta),
        mean_s=_spread([mean_of(best, t) for t in (theta, *again)], waits.leavers),
        median_s=_spread([median_of(best, t) for t in (theta, *again)], waits.leavers),
        leavers=waits.leavers,
        aic_over_exponential=aic["exponential"] - aic[best],
        distance=float(np.max(np.abs(survival - curve.curve_share[seen]))),
        longest_s=float(waits.seconds[-1]),
    )


def median_of(family: str, theta: Floats) -> float:
    """The wait that half would outlast, by bisection."""
    low, high = 0.0, 1.0
    while FAMILIES[family](theta, np.array([high]))[1][0] > np.log(0.5):
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        above = FAMILIES[family](theta, np.array([middle]))[1][0] > np.log(0.5)
        low, high = (middle, high) if above else (low, middle)
    return high


def mean_of(family: str, theta: Floats) -> float:
    """The mean; beyond the longest wait seen it is extrapolation."""
    written = WRITTEN[family](theta)
    if isinstance(written, tuple):
        return sum(part["share"] * part["mean"] for part in written)
    return written["mean"]


def _maximise(waits: Waits, family: str, start: Floats) -> tuple[Floats, float]:
    """Parameters of the highest censored likelihood, and minus its logarithm."""
    from scipy.optimize import minimize

    def loss(theta: Floats) -> float:
        with np.errstate(all="ignore"):
            density, survival = FAMILIES[family](theta, waits.seconds)
            value = -float(waits.left @ density + waits.answered @ survival)
        return value if np.isfinite(value) else 1e300

    found = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-4, "fatol": 1e-3})
    return np.asarray(found.x, dtype=float), float(found.fun)


def _crossing(seconds: Floats, survival: Floats) -> float:
    below = np.flatnonzero(survival <= 0.5)
    return float(seconds[below[0]]) if len(below) else float("inf")


def _spread(values: list[float], n: int) -> Estimate:
    low, high = np.percentile(values[1:], [2.5, 97.5])
    return Estimate(values[0], float(low), float(high), n)


def _exponential(theta: Floats, t: Floats) -> tuple[Floats, Floats]:
    rate = np.exp(-theta[0])
    return np.log(rate) - rate * t, -rate * t


def _lognormal(theta: Floats, t: Floats) -> tuple[Floats, Floats]:
    from scipy.stats import norm

    sigma = np.exp(theta[1])
    z = (np.log(t) - theta[0]) / sigma
    return norm.logpdf(z) - np.log(sigma * t), norm.logsf(z)


def _gamma(theta: Floats, t: Floats) -> tuple[Floats, Floats]:
    from scipy.stats import gamma

    shape, scale = np.exp(theta[1]), np.exp(theta[0] - theta[1])
    return gamma.logpdf(t, shape, scale=scale), gamma.logsf(t, shape, scale=scale)


def _hyperexponential(theta: Floats, t: Floats) -> tuple[Floats, Floats]:
    share = 1.0 / (1.0 + np.exp(-theta[0]))
    first, second = np.exp(-theta[1]), np.exp(-theta[2])
    density = share * first * np.exp(-first * t) + (1 - share) * second * np.exp(-second * t)
    return np.log(density), np.log(share * np.exp(-first * t) + (1 - share) * np.exp(-second * t))


def _level(waits: Waits) -> float:
    return float(np.log(waits.seconds @ (waits.left + waits.answered) / waits.leavers))


def _parts(theta: Floats) -> tuple[dict[str, float], ...]:
    share = float(1.0 / (1.0 + np.exp(-theta[0])))
    parts = ((share, theta[1]), (1 - share, theta[2]))
    return tuple({"share": part, "mean": float(np.exp(log_mean))} for part, log_mean in parts)


FAMILIES: dict[str, Family] = {
    "exponential": _exponential,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "hyperexponential": _hyperexponential,
}
START: dict[str, Callable[[Waits], Floats]] = {
    "exponential": lambda w: np.array([_level(w)]),
    "lognormal": lambda w: np.array([_level(w), 0.3]),
    "gamma": lambda w: np.array([_level(w), 0.0]),
    "hyperexponential": lambda w: np.array([-1.5, _level(w) - 2.0, _level(w) + 0.3]),
}
WRITTEN: dict[str, Callable[[Floats], dict[str, float] | tuple[dict[str, float], ...]]] = {
    "exponential": lambda theta: {"mean": float(np.exp(theta[0]))},
    "lognormal": lambda theta: {
        "mean": float(np.exp(theta[0] + np.exp(2 * theta[1]) / 2)),
        "cv": float(np.sqrt(np.expm1(np.exp(2 * theta[1])))),
    },
    "gamma": lambda theta: {"mean": float(np.exp(theta[0])), "cv": float(np.exp(-theta[1] / 2))},
    "hyperexponential": _parts,
}

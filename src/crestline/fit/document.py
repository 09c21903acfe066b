"""The fitted service as the content of a scenario file: plain data, with a comment for whatever was fitted."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from crestline.fit import cells
from crestline.fit.day_type import HALF_HOUR_S
from crestline.fit.estimate import Estimate
from crestline.fit.history import History
from crestline.fit.patience import Patience
from crestline.fit.roster import Roster
from crestline.fit.service import OTHER, ServiceFit
from crestline.units import spell_clock

GROUP = "agents"
BUSIEST_S = 7200.0
LEVEL = "120%"
RAMP = "10min"


class Document(NamedTuple):
    """Plain data as a scenario holds it, and comments by path."""

    data: dict[str, Any]
    comments: dict[tuple[str, ...], str]


def document(fit: ServiceFit, roster: Roster, availability: float, name: str, about: str, zone: str | None) -> Document:
    """Everything of the scenario; what is missing from it stands at the format's defaults."""
    comments: dict[tuple[str, ...], str] = {}
    opens_s, closes_s = fit.day_type.opens_s, fit.day_type.closes_s
    data: dict[str, Any] = {"schema": 1, "name": cells.name(name), "about": about}
    if zone:
        data["timezone"] = zone
    data["day"] = {"start": spell_clock(opens_s), "length": f"{(closes_s - opens_s) / 3600:g}h"}
    data["interval"] = "30min"
    data["demand"] = _demand(fit, comments)
    data["contacts"] = {contact: _contact(fit, contact, comments) for contact in fit.contacts}
    if fit.vip.value > 0:
        data["vip"] = {"share": _percent(fit.vip.value)}
        comments["vip",] = f"served first; {interval(fit.vip, percent)}"
    if fit.recontact is not None:
        data["recontact"] = _recontact(fit, comments)
    data["agents"] = {GROUP: _agents(fit, roster, availability, comments)}
    data["objectives"] = _objectives(fit.history)
    comments["objectives",] = "each was met on the fitted dates"
    data["load_test"] = _load_test(fit)
    comments["load_test",] = "the busiest two hours of the day, a fifth busier than usual"
    return Document(data, comments)


def percent(value: float) -> str:
    """A share with three digits."""
    return f"{100 * value:.3g} %"


def interval(estimate: Estimate, show: Any) -> str:
    """``[low, high], n = 12,345`` with the unit of ``show``."""
    return f"95 % [{show(estimate.low)}, {show(estimate.high)}], n = {estimate.n:,}"


def _demand(fit: ServiceFit, comments: dict[tuple[str, ...], str]) -> dict[str, Any]:
    at_s, per_s = fit.profile.points
    rate = {spell_clock(t): f"{r * 3600:.2f}/h" for t, r in zip(at_s.tolist(), per_s.tolist(), strict=True)}
    comments["demand", "rate"] = "first attempts; recontacts are taken out and come back by `recontact` below"
    for slot, first in enumerate(fit.profile.first):
        at = spell_clock(fit.profile.opens_s + (slot + 0.5) * HALF_HOUR_S)
        comments["demand", "rate", at] = (
            f"half hour: {first.value:.1f} contacts, 95 % [{first.low:.1f}, {first.high:.1f}], n = {first.n} dates"
        )
    comments["demand", "day_factor_cv"] = interval(fit.profile.day_factor_cv, percent) + " dates"
    return {"rate": rate, "day_factor_cv": _percent(fit.profile.day_factor_cv.value)}


def _contact(fit: ServiceFit, contact: str, comments: dict[tuple[str, ...], str]) -> dict[str, Any]:
    path = ("contacts", contact)
    if contact == OTHER and fit.pooled:
        comments[path] = "too few to stand alone: " + ", ".join(f"{name} ({n})" for name, n in fit.pooled)
    held = next(h for h in fit.handle_times if h.contact == contact)
    patience = fit.patience_of(contact)
    comments[(*path, "share")] = interval(fit.shares[contact], percent)
    comments[(*path, "handle_time")] = (
        f"mean {interval(held.mean, seconds)}; cv [{percent(held.cv.low)}, {percent(held.cv.high)}]"
    )
    own = "" if contact in fit.patience else "; fitted together with the other types without a fit of their own"
    comments[(*path, "patience")] = f"median {seconds(patience.median_s.value)}, {_leavers(patience)}{own}"
    return {
        "share": _share_of(fit, contact),
        "handle_time": {"lognormal": {"mean": _seconds(held.mean.value), "cv": _percent(held.cv.value)}},
        "patience": _family(patience),
    }


def _leavers(patience: Patience) -> str:
    return f"95 % [{seconds(patience.median_s.low)}, {seconds(patience.median_s.high)}], n = {patience.leavers:,} left"


def seconds(value: float) -> str:
    """Whole seconds, or ``-`` for what was never reached."""
    return f"{value:.0f} s" if math.isfinite(value) else "-"


def _share_of(fit: ServiceFit, contact: str) -> str:
    """Shares of two decimals that add up to 100 %: the most frequent type takes what rounding leaves."""
    hundredths = {name: round(fit.shares[name].value * 10_000) for name in fit.contacts}
    hundredths[fit.contacts[0]] += 10_000 - sum(hundredths.values())
    return f"{hundredths[contact] / 100:g}%"


def _family(patience: Patience) -> dict[str, Any]:
    if isinstance(patience.written, tuple):
        first, *_ = patience.written
        shares = (round(first["share"], 4), 1 - round(first["share"], 4))
        parts = zip(shares, patience.written, strict=True)
        return {patience.family: [{"share": f"{100 * s:.2f}%", "mean": _seconds(p["mean"])} for s, p in parts]}
    written = {k: _seconds(v) if k == "mean" else _percent(v) for k, v in patience.written.items()}
    return {patience.family: written}


def _recontact(fit: ServiceFit, comments: dict[tuple[str, ...], str]) -> dict[str, Any]:
    again = fit.recontact
    assert again is not None  # noqa: S101 - the caller has looked
    comments["recontact",] = "within an hour, from identified customers; the others are taken to do the same"
    comments["recontact", "after", "abandoned"] = interval(again.abandoned, percent)
    comments["recontact", "after", "agent_resolved"] = interval(again.answered, percent)
    comments["recontact", "delay"] = f"n = {len(again.delays_s):,}"
    quantiles = {f"{100 * share:g}%": _seconds(value) for share, value in again.quantiles_s.items()}
    after = {"abandoned": _percent(again.abandoned.value), "agent_resolved": _percent(again.answered.value)}
    return {"after": after, "delay": {"empirical": {"quantiles": quantiles}}}


def _agents(
    fit: ServiceFit, roster: Roster, availability: float, comments: dict[tuple[str, ...], str]
) -> dict[str, Any]:
    waits = fit.history.wait_by_contact
    skills = sorted(fit.contacts, key=lambda contact: waits.get(contact, math.inf))
    comments["agents", GROUP, "skills"] = "shortest mean wait in the log first"
    comments["agents", GROUP, "on_duty"] = roster.source
    return {
        "skills": skills,
        "on_duty": {spell_clock(at): agents for at, agents in roster.steps},
        "availability": _percent(availability),
    }


def _objectives(history: History) -> list[str]:
    """Round limits with some room on the side that the history met."""
    leave = math.ceil(history.abandonment.value * 110)
    answered = math.floor(history.service_level.value * 18) * 5
    wait = _round_up(history.wait_p90_s * 1.1)
    lines = [f"abandonment < {leave}%"] if leave < 100 else []
    lines += [f"service_level 20s >= {answered}%"] if answered > 0 else []
    return [*lines, f"wait p90 < {wait}s", f"wait mean < {_round_up(history.mean_wait_s.value * 1.2)}s"]


def _round_up(value_s: float) -> int:
    """The next multiple of 5 s."""
    return max(5, 5 * math.ceil(value_s / 5))


def _load_test(fit: ServiceFit) -> dict[str, Any]:
    """The two hours with the most first attempts, or the whole day if that is shorter."""
    rates = np.array([first.value for first in fit.profile.first])
    width = min(round(BUSIEST_S / HALF_HOUR_S), len(rates))
    busiest = int(np.argmax(np.convolve(rates, np.ones(width), mode="valid")))
    return {
        "level": LEVEL,
        "from": spell_clock(fit.profile.opens_s + busiest * HALF_HOUR_S),
        "for": f"{width / 2:g}h",
        "ramp": RAMP,
        "time_scale": 60,
    }


def _percent(value: float) -> str:
    return f"{100 * value:.4g}%"


def _seconds(value: float) -> str:
    return f"{value:.1f}s".replace(".0s", "s")

"""The table of a calibration's parameters: each with its value, 95 % interval, n and how well it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from crestline.fit.availability import Availability
from crestline.fit.day_type import HALF_HOUR_S
from crestline.fit.document import percent, seconds
from crestline.fit.estimate import Estimate
from crestline.fit.patience import Patience
from crestline.fit.roster import Roster
from crestline.fit.service import OTHER, ServiceFit
from crestline.units import format_clock

POOR = 0.1  # a distance from which on a fit is called poor


class Row(NamedTuple):
    """One line of the table of parameters."""

    parameter: str
    value: str
    interval: str
    n: str
    fit: str


def parameter_rows(fit: ServiceFit, roster: Roster, availability: Availability) -> list[Row]:
    """A line for every parameter that was fitted, each with its interval."""
    rows = [*_arrival_rows(fit), *_contact_rows(fit), *_patience_rows(fit)]
    if fit.vip.value > 0:
        rows.append(_row("VIP share", fit.vip, percent, ""))
    if fit.recontact is not None:
        again = fit.recontact
        middle = f"delay: median {seconds(again.quantiles_s[0.5])}, 10-90 % "
        spread = f"{seconds(again.quantiles_s[0.1])}-{seconds(again.quantiles_s[0.9])}"
        rows.append(_row("recontact after abandoned", again.abandoned, percent, middle + spread))
        rows.append(_row("recontact after answered", again.answered, percent, "identified customers, within 1 h"))
    steps = f"{min(n for _, n in roster.steps)}-{max(n for _, n in roster.steps)}"
    rows.append(Row("agents on duty", steps, "", f"{len(roster.steps)} steps", roster.source))
    at_bound = "; at the end of its range: the roster does not fit the log" if availability.at_bound else ""
    gave = f"gives abandonment {percent(availability.played.abandonment)}{at_bound}"
    rows.append(_row("availability of agents", availability.value, percent, gave, "days played"))
    return rows


def _arrival_rows(fit: ServiceFit) -> list[Row]:
    profile = fit.profile
    values = np.array([first.value for first in profile.first])
    peak, low = int(values.argmax()), int(values.argmin())
    rows = []
    for word, slot in (("peak", peak), ("lowest", low)):
        start_s = profile.opens_s + slot * HALF_HOUR_S
        hours = f"{format_clock(start_s)}-{format_clock(start_s + HALF_HOUR_S)}"
        first = profile.first[slot]
        rows.append(_row(f"arrivals {hours}", first, lambda v: f"{2 * v:.1f}/h", f"{word} of {len(values)} half hours"))
    spread = f"half hours vary {profile.dispersion:.1f} x Poisson after profile and day"
    return [*rows, _row("day factor cv", profile.day_factor_cv, percent, spread, "dates")]


def _contact_rows(fit: ServiceFit) -> list[Row]:
    rows = [_row(f"share of {name}", fit.shares[name], percent, "") for name in fit.contacts]
    pooled = {name for name, _ in fit.pooled}
    for held in (*fit.handle_times, *(h for h in fit.log_handle_times if h.contact in pooled)):
        only = f"  (in {OTHER})" if held.contact in pooled else ""
        only += "  (of all types)" if held.of_all else ""
        cv = f"lognormal, cv {percent(held.cv.value)} [{percent(held.cv.low)}, {percent(held.cv.high)}]"
        poor = " (poor)" if held.distance > POOR else ""
        words = f"{cv}, KS {held.distance:.3f}{poor}"
        rows.append(_row(f"handle time {held.contact}{only}", held.mean, seconds, words))
    return rows


def _patience_rows(fit: ServiceFit) -> list[Row]:
    curve = fit.kaplan_meier
    naive = f"Kaplan-Meier, {fit.waited:,} waited; mean wait of leavers {seconds(curve.naive_mean_s)} is no patience"
    rows = [_row("patience, median of all", curve.median_s, seconds, naive, "left")]
    rows += [_patience_row(name, fit.patience[name]) for name in fit.contacts if name in fit.patience]
    if fit.patience_of_rest is not None:
        rows.append(_patience_row("others", fit.patience_of_rest))
    return rows


def _patience_row(name: str, patience: Patience) -> Row:
    better = f", AIC {patience.aic_over_exponential:.0f} below exponential" if patience.family != "exponential" else ""
    words = f"{patience.family}{better}; off Kaplan-Meier by at most {percent(patience.distance)}"
    return _row(f"patience {name}, median", patience.median_s, seconds, words, "left")


def _row(parameter: str, estimate: Estimate, show: Callable[[float], str], fit: str, unit: str = "") -> Row:
    interval = f"[{show(estimate.low)}, {show(estimate.high)}]"
    return Row(parameter, show(estimate.value), interval, f"{estimate.n:,} {unit}".strip(), fit)


def parameter_table(rows: list[Row]) -> list[str]:
    """The lines under one head, in columns."""
    head = Row("PARAMETER", "VALUE", "95 % INTERVAL", "N", "FIT")
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(4)]
    lines = []
    for row in (head, *rows):
        name, value, interval, n, words = row
        lines.append(
            f"  {name:<{widths[0]}}  {value:>{widths[1]}}  {interval:<{widths[2]}}  {n:>{widths[3]}}  {words}".rstrip()
        )
    return lines

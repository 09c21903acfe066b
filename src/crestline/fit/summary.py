"""What a calibration says to people: what was read and left out, every parameter, what was not fitted, what is next."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from crestline.fit.availability import Availability
from crestline.fit.backtest import Backtest
from crestline.fit.document import percent, seconds
from crestline.fit.log import Log
from crestline.fit.outages import Outage
from crestline.fit.parameters import parameter_rows, parameter_table
from crestline.fit.roster import Roster
from crestline.fit.service import ServiceFit
from crestline.units import format_clock, format_duration

LABEL, WIDTH = 10, 120


def summary(
    log: Log, fit: ServiceFit, roster: Roster, availability: Availability, test: Backtest | str, target: Path | None
) -> str:
    """The whole report as text."""
    lines = [f"CALIBRATION  {log.source}", ""]
    lines += _labelled("READ", _read(log, fit))
    lines += _labelled("LEFT OUT", _left_out(log, fit))
    lines += _labelled("OUTAGES", _outages(log, fit))
    lines += ["", *parameter_table(parameter_rows(fit, roster, availability)), ""]
    lines += _labelled("CHECK", _check(fit, availability))
    lines += _labelled("NOT FIT", _not_fitted(log, fit, roster))
    lines += _labelled("BACKTEST", [_backtest(log, test)])
    if log.acknowledgement:
        lines += _labelled("THANKS", [log.acknowledgement])
    lines += _labelled("WRITTEN", [str(target) if target else "nowhere; name a file with -o"])
    lines += _labelled("NEXT", [f"crestline forecast {target or 'scenario.yaml'}"])
    return "\n".join(lines)


def header(log: Log, fit: ServiceFit, command: str) -> list[str]:
    """The comment at the head of the scenario file."""
    lines = ["Fitted to a call log by crestline calibrate; every number with its 95 % interval and its n.", command]
    lines += [log.acknowledgement] if log.acknowledgement else []
    lines += [f"Dates: {dates(log, fit.day_type.days)}."]
    lines += [f"Cut out: {_outage(log, outage)}." for outage in fit.outages]
    menu = "The menu before the queue is not part of it: a contact begins when the caller asks for an agent."
    return [*lines, menu] if log.has("menu") else lines


def dates(log: Log, days: Sequence[int]) -> str:
    """``1999-02-01..04, 1999-02-07..11``: runs of dates."""
    runs = []
    for _, group in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        run = [day for _, day in group]
        first, last = log.calls.date(run[0]), log.calls.date(run[-1])
        runs.append(str(first) if first == last else f"{first}..{_end(first, last)}")
    return ", ".join(runs)


def _end(first: dt.date, last: dt.date) -> str:
    return f"{last:%d}" if (first.year, first.month) == (last.year, last.month) else str(last)


def _labelled(label: str, lines: Sequence[str]) -> list[str]:
    wrapped = [part for line in lines for part in wrap(line, WIDTH - LABEL, subsequent_indent="  ")]
    return [f"{label if i == 0 else '':<{LABEL}}{line}" for i, line in enumerate(wrapped)]


def _read(log: Log, fit: ServiceFit) -> list[str]:
    calls, kind = log.calls, fit.day_type
    span = f"{calls.date(int(calls.day.min()))} to {calls.date(int(calls.day.max()))}"
    used = ", ".join(f"{role} = {name}" for role, name in log.columns.items())
    zone = log.timezone or "as it stands in the file"
    quiet = f"; too quiet to be usual: {dates(log, kind.quiet_days)}" if kind.quiet_days else ""
    hours = f"{format_clock(kind.opens_s)}-{format_clock(kind.closes_s)}"
    return [
        f"{log.rows:,} rows, {span}, local time ({zone})",
        f"columns: {used}",
        f"fitted day: {', '.join(kind.weekdays)}, {len(kind.days)} dates: {dates(log, kind.days)}{quiet}",
        f"open {hours}: callers get through and someone answers; {fit.history.contacts:,} contacts in it",
    ]


def _left_out(log: Log, fit: ServiceFit) -> list[str]:
    calls = log.calls
    lines = [f"{drop.rows:,} rows: {drop.why}" for drop in log.dropped]
    if log.capped:
        lines.append(f"{log.capped:,} handle times over 2 h were taken as 2 h")
    if menu := int((~calls.queued).sum()):
        lines.append(f"{menu:,} calls that ended in the menu: they never asked for an agent, so they are no contacts")
    if zero := int((calls.answered & (calls.handle_s == 0)).sum()):
        lines.append(f"{zero:,} answered calls with a handle time of 0 s: left out of handle times only")
    hours = (calls.queue_s >= fit.day_type.opens_s) & (calls.queue_s < fit.day_type.closes_s)
    if closed := int((calls.queued & fit.day_type.on(calls) & ~hours).sum()):
        lines.append(f"{closed:,} contacts of fitted dates outside of opening hours: left out of arrivals")
    return lines or ["nothing"]


def _outages(log: Log, fit: ServiceFit) -> list[str]:
    found = [f"{_outage(log, outage)}: cut out of everything" for outage in fit.outages]
    return found or ["none found: at no time did callers keep coming and nobody get through"]


def _outage(log: Log, outage: Outage) -> str:
    storm = f", storm until {format_clock(outage.cut_until_s)}" if outage.cut_until_s > outage.end_s else ""
    times = outage.per_h / outage.usual_per_h if outage.usual_per_h else math.inf
    return (
        f"{log.calls.date(outage.day)} {format_clock(outage.start_s)}-{format_clock(outage.end_s)}: "
        f"{outage.calls} calls, {outage.through} got through; {outage.per_h:.0f} calls/h "
        f"({times:.1f} x the usual {outage.usual_per_h:.0f}/h; {outage.before_per_h:.0f}/h in the hour before){storm}"
    )


def _check(fit: ServiceFit, availability: Availability) -> list[str]:
    first = sum(estimate.value for estimate in fit.profile.first)
    modelled, seen = first * (1 + availability.played.recontacts), float(fit.profile.contacts.sum())
    played, history = availability.played, fit.history
    return [
        f"contacts a day: {first:,.0f} first attempts + {modelled - first:,.0f} recontacts = {modelled:,.0f}; "
        f"the log has {seen:,.0f} ({100 * (modelled / seen - 1):+.1f} %)",
        f"abandonment {percent(played.abandonment)}, log {percent(history.abandonment.value)} "
        f"[{percent(history.abandonment.low)}, {percent(history.abandonment.high)}]; "
        f"mean wait {seconds(played.mean_wait_s)}, log {seconds(history.mean_wait_s.value)} "
        f"[{seconds(history.mean_wait_s.low)}, {seconds(history.mean_wait_s.high)}]; "
        f"answered within 20 s {percent(played.service_level)}, log {percent(history.service_level.value)} "
        f"[{percent(history.service_level.low)}, {percent(history.service_level.high)}]",
    ]


def _not_fitted(log: Log, fit: ServiceFit, roster: Roster) -> list[str]:
    lines = []
    if log.has("menu"):
        menu = log.calls.queue_s - log.calls.asked_s
        lines.append(
            f"menu before the queue ({seconds(float(menu.mean()))} on average): it resolves nothing, so there is no "
            "triage; a contact begins when the caller asks for an agent"
        )
    if fit.recontact is None:
        lines.append("recontacts: too few identified customers; nobody calls again, and redials count as new arrivals")
    if not log.has("priority"):
        lines.append("VIPs: the log has no priority; there are none")
    lines.append(
        f"bursts within a day (half hours vary {fit.profile.dispersion:.1f} x Poisson): a scenario has no such factor; "
        "availability makes up for it"
    )
    lines.append("handle time by hour, skills and preferences of agents: one group serves every type all day")
    longest = format_duration(max(fit.patience_of(contact).longest_s for contact in fit.contacts))
    lines.append(f"patience beyond {longest}, the longest wait in the log: the family's tail stands for it")
    if roster.seen:
        lines.append("the roster: who took a call in a half hour counts as on duty in all of it; --roster does better")
    lines.append("satisfaction, cost, several chats per agent: the log shows none of them; the format's defaults stand")
    return lines


def _backtest(log: Log, test: Backtest | str) -> str:
    if isinstance(test, str):
        return test
    was, said = test.history, test.forecast
    return (
        f"fitted on {dates(log, test.fitted)}: abandonment of {dates(log, test.later)} forecast "
        f"{percent(said.abandonment)}, was {percent(was.abandonment.value)}; "
        f"mean wait {format_duration(said.mean_wait_s)}, was {format_duration(was.mean_wait_s.value)}"
    )

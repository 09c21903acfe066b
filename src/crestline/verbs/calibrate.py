"""``crestline calibrate``: read a call log, fit one type of day, write it as a scenario with intervals."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crestline.errors import UsageError
from crestline.fit.availability import Availability, fit_availability
from crestline.fit.backtest import Backtest, backtest
from crestline.fit.columns import Columns
from crestline.fit.day_type import DayType, day_type
from crestline.fit.document import Document, document
from crestline.fit.log import Log, read_log
from crestline.fit.outages import Outage, find_outages
from crestline.fit.roster import Roster, read_roster, seen_roster
from crestline.fit.scenario import compose
from crestline.fit.service import ServiceFit, fit_service
from crestline.fit.summary import header, summary
from crestline.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a calibration found: the log, the fit, the people, the scenario's text and the report for people."""

    log: Log
    fit: ServiceFit
    roster: Roster
    availability: Availability
    backtest: Backtest | str
    scenario: Scenario
    text: str
    report: str


def calibrate(
    files: Sequence[str | Path],
    output: str | Path | None = None,
    *,
    roster: str | Path | None = None,
    day: str = "workday",
    columns: Columns | None = None,
    timezone: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Calibration:
    """Fit a scenario to call-by-call logs and, with ``output``, write it there.

    Raises ScenarioError or UsageError, in words, when the log cannot be read or holds too little.
    """
    paths = [Path(file) for file in files]
    target = _target(output, [*paths, *([Path(roster)] if roster else [])])
    say(f"reading {', '.join(map(str, paths))}")
    columns = columns or Columns()
    log = read_log(paths, columns)
    if timezone:
        log = replace(log, timezone=timezone)
    fitted_day = day_type(log.calls, day)
    outages = _outages(log, fitted_day)
    say("fitting arrivals, handle times, patience and recontacts")
    fit = fit_service(log.calls, fitted_day, outages)
    people = _people(log, fit, Path(roster) if roster else None)

    def written(availability: float) -> Document:
        name = target.stem if target else "calibrated"
        return document(fit, people, availability, name, _about(log, fit), log.timezone)

    say("fitting the availability of agents: playing days until as many leave as in the log")
    scenario = Scenario.model_validate(written(1.0).data)
    availability = fit_availability(scenario, fit.history.abandonment)
    say("testing backwards: fitting the first half of the dates, forecasting the second")
    test = backtest(log.calls, fit, None if people.seen else people)
    command = _command(paths, output, roster, day, columns, timezone)
    content = written(availability.value.value)
    content.comments["agents", "agents", "availability"] = availability.words
    text = compose(content, header(log, fit, command))
    if target:
        _write(target, text)
    return Calibration(
        log, fit, people, availability, test, Scenario.model_validate(content.data), text,
        summary(log, fit, people, availability, test, target),
    )  # fmt: skip


def _target(output: str | Path | None, inputs: Sequence[Path]) -> Path | None:
    """Where the scenario goes; refused before any work when that cannot be."""
    if output is None:
        return None
    target = Path(output)
    if not target.resolve().parent.is_dir():
        msg = f"--output {target}: the folder {target.parent} does not exist; create it or name another"
        raise UsageError(msg)
    if target.is_dir():
        msg = f"--output {target}: is a folder; name a file in it, such as {target / 'scenario.yaml'}"
        raise UsageError(msg)
    if target.resolve() in {path.resolve() for path in inputs}:
        msg = f"--output {target}: would overwrite its own input; name another file"
        raise UsageError(msg)
    return target


def _people(log: Log, fit: ServiceFit, path: Path | None) -> Roster:
    if path is not None:
        return read_roster(path, fit.day_type.opens_s, fit.day_type.closes_s)
    if not log.has("agent"):
        msg = (
            "the log does not say who served (no column agent), so nobody knows how many were on duty; "
            "give a roster (--roster FILE with the columns time,agents) or name the column (--agent-column)"
        )
        raise UsageError(msg)
    return seen_roster(log.calls, fit.day_type, fit.outages)


def _outages(log: Log, fitted_day: DayType) -> tuple[Outage, ...]:
    """On the fitted dates and, for what is fitted to every date, on working days that are not fitted."""
    through = log.calls.queued if log.has("queued") else log.calls.answered
    ours = find_outages(log.calls, fitted_day, through)
    others = find_outages(log.calls, day_type(log.calls, "workday"), through)
    return tuple(sorted({*ours, *(outage for outage in others if outage.day not in fitted_day.days)}))


def _about(log: Log, fit: ServiceFit) -> str:
    days, calls = fit.day_type.days, log.calls
    return f"A usual day of {len(days)} between {calls.date(days[0])} and {calls.date(days[-1])}, fitted to a call log."


def _write(target: Path, text: str) -> None:
    """Whole or not at all."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"--output {target}: cannot be written: {error.strerror}"
        raise UsageError(msg) from error


def _command(
    paths: Sequence[Path],
    output: str | Path | None,
    roster: str | Path | None,
    day: str,
    columns: Columns,
    timezone: str | None,
) -> str:
    """The command that makes this scenario again."""
    words = ["crestline", "calibrate", *map(str, paths)]
    words += ["-o", str(output)] if output else []
    words += ["--roster", str(roster)] if roster else []
    words += ["--day", day] if day != "workday" else []
    words += columns.flags
    words += ["--timezone", timezone] if timezone else []
    return shlex.join(words)

"""``crestline calibrate``: fit a scenario to call logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

_LOG = "The log"


def _column(role: str, meaning: str) -> Any:
    help_text = f"Column that says {meaning}."
    return typer.Option(f"--{role}-column", metavar="NAME", help=help_text, rich_help_panel=_LOG)


def _value(meaning: str) -> Any:
    return typer.Option(metavar="WORD", help=f"Word that means {meaning}; repeatable.", rich_help_panel=_LOG)


Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Call-by-call logs (CSV), all of one layout.")]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The scenario file to write.")]
Roster = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="CSV with the columns time,agents; without it, the agents seen in the log."),
]
Days = Annotated[
    str, typer.Option("--day", metavar="DAYS", help="workday (found from the log), all, or such as sun-thu or mon,wed.")
]
Zone = Annotated[str | None, typer.Option(metavar="NAME", help="A label for the log's local time.")]
Words = list[str] | None


def calibrate(
    files: Files,
    output: Output,
    roster: Roster = None,
    day: Days = "workday",
    timezone: Zone = None,
    arrival_column: Annotated[str | None, _column("arrival", "when the contact came")] = None,
    date_column: Annotated[str | None, _column("date", "the date, where arrival is a clock time")] = None,
    menu_column: Annotated[str | None, _column("menu", "how long the menu before the queue took")] = None,
    queued_column: Annotated[str | None, _column("queued", "when it joined the queue; empty if never")] = None,
    wait_column: Annotated[str | None, _column("wait", "how long it waited for an agent")] = None,
    handle_column: Annotated[str | None, _column("handle", "how long an agent held it")] = None,
    outcome_column: Annotated[str | None, _column("outcome", "how it ended")] = None,
    contact_column: Annotated[str | None, _column("contact", "the contact type")] = None,
    customer_column: Annotated[str | None, _column("customer", "who it was; empty or 0 if unknown")] = None,
    priority_column: Annotated[str | None, _column("priority", "the customer's priority")] = None,
    agent_column: Annotated[str | None, _column("agent", "who served it")] = None,
    answered_value: Annotated[Words, _value("answered")] = None,
    abandoned_value: Annotated[Words, _value("abandoned")] = None,
    vip_value: Annotated[Words, _value("VIP")] = None,
) -> None:
    """Fit a scenario to call logs: arrivals, handle times, patience, recontacts, each number with its interval.

    \b
    Examples:
      crestline calibrate calls-1999-02.csv -o bank.yaml
      crestline calibrate january.csv february.csv -o bank.yaml --roster roster.csv --day sun-thu
      crestline calibrate calls.csv -o desk.yaml --wait-column hold --answered-value done
    """
    from crestline.cli.progress import talk
    from crestline.fit.columns import Columns
    from crestline.verbs import calibrate as verb

    named = {
        "arrival": arrival_column, "date": date_column, "menu": menu_column, "queued": queued_column,
        "wait": wait_column, "handle": handle_column, "outcome": outcome_column, "contact": contact_column,
        "customer": customer_column, "priority": priority_column, "agent": agent_column,
    }  # fmt: skip
    columns = Columns.of(named, answered_value, abandoned_value, vip_value)
    with talk("calibrating") as said:
        made = verb.calibrate(
            files, output, roster=roster, day=day, columns=columns, timezone=timezone, say=said.update
        )
    typer.echo(made.report)

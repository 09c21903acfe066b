"""``crestline calibrate FILE... -o scenario.yaml``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_MAP = "Columns of the log"


def _column(role: str, meaning: str) -> typer.models.OptionInfo:
    return typer.Option(f"--{role}-column", metavar="NAME", help=f"column that says {meaning}", rich_help_panel=_MAP)  # type: ignore[no-any-return]


def calibrate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="call-by-call logs (CSV) of one layout")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="scenario file to write")],
    roster: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV with the columns time,agents: who was on duty")
    ] = None,
    day: Annotated[
        str,
        typer.Option(metavar="DAYS", help="dates to fit: workday (from the log), all, sun-thu, mon,wed ..."),
    ] = "workday",
    timezone: Annotated[str | None, typer.Option(metavar="NAME", help="label for the log's local time")] = None,
    arrival_column: Annotated[str | None, _column("arrival", "when the contact came")] = None,
    date_column: Annotated[str | None, _column("date", "the date, where arrival is a clock time")] = None,
    menu_column: Annotated[str | None, _column("menu", "how long the menu before the queue took")] = None,
    queued_column: Annotated[str | None, _column("queued", "when it joined the queue; empty if never")] = None,
    wait_column: Annotated[str | None, _column("wait", "how long it waited for an agent")] = None,
    handle_column: Annotated[str | None, _column("handle", "how long an agent held it")] = None,
    outcome_column: Annotated[str | None, _column("outcome", "how it ended")] = None,
    contact_column: Annotated[str | None, _column("contact", "the contact type")] = None,
    customer_column: Annotated[str | None, _column("customer", "who it was")] = None,
    priority_column: Annotated[str | None, _column("priority", "the customer's priority")] = None,
    agent_column: Annotated[str | None, _column("agent", "who served it")] = None,
    answered_value: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="outcome that means answered", rich_help_panel=_MAP)
    ] = None,
    abandoned_value: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="outcome that means abandoned", rich_help_panel=_MAP)
    ] = None,
    vip_value: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="priority that means VIP", rich_help_panel=_MAP)
    ] = None,
) -> None:
    """Fit a scenario to call logs: arrivals, handle times, patience, recontacts, each number with its interval."""
    from crestline.errors import CrestlineError
    from crestline.fit.columns import Columns
    from crestline.verbs.calibrate import calibrate as fit

    named = {
        "arrival": arrival_column, "date": date_column, "menu": menu_column, "queued": queued_column,
        "wait": wait_column, "handle": handle_column, "outcome": outcome_column, "contact": contact_column,
        "customer": customer_column, "priority": priority_column, "agent": agent_column,
    }  # fmt: skip
    columns = Columns.of(named, answered_value, abandoned_value, vip_value)
    try:
        made = fit(files, output, roster=roster, day=day, columns=columns, timezone=timezone, talk=_talk)
    except CrestlineError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from error
    typer.echo(made.report)


def _talk(line: str) -> None:
    typer.echo(f"{line} ...", err=True)

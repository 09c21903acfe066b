"""``crestline report``: the report of an earlier run, built anew, or one of its contacts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import Format, FormatOption


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run, such as reports/latest.")],
    contact: Annotated[
        int | None, typer.Option(metavar="N", help="Show contact N step by step, measured and simulated.")
    ] = None,
    self_contained: Annotated[
        bool, typer.Option("--self-contained", help="Write the page as one file as well: report.html.")
    ] = False,
    out_format: FormatOption = Format.table,
) -> None:
    """Build the report of a run anew from its folder, and end with the run's exit code.

    \b
    Examples:
      crestline report reports/latest
      crestline report reports/latest --contact 17
      crestline report reports/latest --format markdown
    """
    from crestline.cli.show import print_run
    from crestline.verbs import report as verb

    if contact is not None:
        typer.echo(verb.show_contact(run, contact))
        return
    made = verb.rebuild(run, self_contained=self_contained)
    typer.echo(f"report written: {made.page}", err=True)
    print_run(made.run, made.folder, out_format)
    raise typer.Exit(made.exit_code)

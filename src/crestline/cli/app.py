"""The command line: every verb by its name. A new verb is one import and one line here."""

from __future__ import annotations

from typing import Annotated

import typer

from crestline import __version__
from crestline.cli.adapter import adapter
from crestline.cli.calibrate import calibrate
from crestline.cli.canary import canary
from crestline.cli.check import check
from crestline.cli.desk import desk
from crestline.cli.doctor import doctor
from crestline.cli.done import done
from crestline.cli.drill import drill
from crestline.cli.forecast import forecast
from crestline.cli.handbook import handbook
from crestline.cli.init import init
from crestline.cli.plan import plan
from crestline.cli.report import report
from crestline.cli.schema import schema

app = typer.Typer(
    name="crestline",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 met, 1 an objective missed, 2 bad usage or scenario, 3 inconclusive, 4 target, 5 guard, "
    "130 and 143 interrupted.",
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"crestline {__version__}")
        raise typer.Exit


@app.callback()
def crestline(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Dress rehearsal for service operations: play a service live and simulated, and say whether it holds.

    \b
    Examples:
      crestline init my-service.yaml
      crestline check my-service.yaml
      crestline drill
      crestline forecast monthly-drill --level 150%
      crestline plan promotion-day
      crestline report reports/latest
    """


app.add_typer(adapter, name="adapter")
app.command()(calibrate)
app.command()(canary)
app.command()(check)
app.command()(desk)
app.command()(doctor)
app.command()(done)
app.command()(drill)
app.command()(forecast)
app.command()(handbook)
app.command()(init)
app.command()(plan)
app.command()(report)
app.command()(schema)

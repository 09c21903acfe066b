"""``crestline done``: mark a step of the handbook while a drill plays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def done(
    step: Annotated[str, typer.Argument(metavar="STEP", help="Some words of the step, as the handbook has it.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who did it.")],
    run: Annotated[
        Path, typer.Option("--run", metavar="RUN", help="The folder of the drill that is being played.")
    ] = Path("reports/latest"),
) -> None:
    """Mark a step of the handbook as done by somebody, now, in the drill that is being played.

    The report tells when it was due, when it was done, and by whom. What nobody marks stays with the harness, or with
    nobody.

    \b
    Examples:
      crestline done 'standby agents for' --by 'Ann, shift lead'
      crestline done 'Say what is wrong' --by Bo --run reports/latest
    """
    from crestline.verbs.done import mark_done

    typer.echo(f"done by {by.strip()}: {mark_done(run, step, by)}", err=True)

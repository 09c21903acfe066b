"""``crestline handbook``: the service-interruption handbook of a scenario."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import ScenarioArgument, Seed, Sets


class Face(StrEnum):
    """How the handbook is written."""

    markdown = "markdown"
    html = "html"


def handbook(
    scenario: ScenarioArgument,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write it here instead of printing it.")
    ] = None,
    face: Annotated[
        Face | None, typer.Option("--format", help="By default what FILE ends with; Markdown where nothing says so.")
    ] = None,
    seed: Seed = None,
    sets: Sets = None,
) -> None:
    """Write the handbook for an interrupted service: triggers, roles, steps with times, fallbacks, contact sheet.

    Times come from the scenario, and from a forecast of it; a drill replays the steps. Who fills the roles stands in
    the scenario under handbook.roles, and is left blank where it does not.

    \b
    Examples:
      crestline handbook monthly-drill
      crestline handbook promotion-day -o handbook.html
      crestline handbook my-service.yaml --format html -o handbook.html
    """
    import shlex

    from crestline.cli.progress import talk
    from crestline.cli.show import rerun
    from crestline.scenario import load
    from crestline.verbs import handbook as verb
    from crestline.verbs.forecast import DEFAULT_SEED
    from crestline.verbs.interrupt import interruptible

    shown = verb.face_of(out, face)
    chosen = load(scenario, sets or ())
    seed = DEFAULT_SEED if seed is None else seed
    command = shlex.join(rerun("handbook", scenario, seed, sets, None))
    with talk(f"{chosen.name}: writing the handbook") as said, interruptible():
        text = verb.write_handbook(chosen, seed=seed, face=shown, command=command, say=said.update)
    if out is None:
        typer.echo(text, nl=False)
        return
    verb.save(text, out)
    typer.echo(f"handbook written: {out}", err=True)

"""``crestline desk``: a small real service desk to rehearse against."""

from __future__ import annotations

from typing import Annotated

import typer

from crestline.cli.options import Sets


def desk(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A shipped scenario by name, or a YAML file.")
    ] = "monthly-drill",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens on 127.0.0.1; 0 takes a free one.")] = 0,
    time_scale: Annotated[
        float | None,
        typer.Option(min=0.001, help="Scenario seconds per real second; as a drill of the scenario by default."),
    ] = None,
    db: Annotated[
        str | None, typer.Option(metavar="FILE", help="SQLite file to keep; a temporary one by default.")
    ] = None,
    allow_faults: Annotated[
        bool, typer.Option("--allow-faults", help="Let a drill break it; needs CRESTLINE_DESK_TOKEN.")
    ] = False,
    sets: Sets = None,
) -> None:
    """Run a service desk to rehearse against, until Ctrl-C.

    It has a bot in processes of its own, queues, agents' sessions and an event log, all real, for the contacts,
    groups and pool of the scenario. Faults are accepted from this machine with the token in CRESTLINE_DESK_TOKEN.

    \b
    Examples:
      crestline desk
      crestline desk my-service.yaml --port 8100 --db desk.sqlite
      CRESTLINE_DESK_TOKEN=secret crestline desk monthly-drill --allow-faults
    """
    from pathlib import Path

    from crestline.scenario import load
    from crestline.verbs.desk import run_desk
    from crestline.verbs.pace import at_pace

    chosen = load(scenario, sets or ())
    pace = time_scale or at_pace(chosen).load_test.time_scale
    code = run_desk(chosen, port=port, time_scale=pace, db=Path(db) if db else None, allow_faults=allow_faults)
    raise typer.Exit(code)

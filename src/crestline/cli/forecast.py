"""``crestline forecast``: play the day many times in simulated time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import Format, FormatOption, Level, Out, ScenarioArgument, Seed, Sets


def forecast(
    scenario: ScenarioArgument,
    replications: Annotated[int, typer.Option(min=1, help="How many days to simulate.")] = 20,
    seed: Seed = None,
    sets: Sets = None,
    level: Level = None,
    engine: Annotated[str, typer.Option(help="Which engine plays the days: simpy.")] = "simpy",
    out_format: FormatOption = Format.table,
    out: Out = None,
) -> None:
    """Forecast a whole day: response times, abandonment, recovery, and how many days hold each objective.

    \b
    Examples:
      crestline forecast monthly-drill
      crestline forecast promotion-day --set standby.agents=40 --replications 40
      crestline forecast normal-day --level 150% --format json
    """
    import shlex

    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.replicate import processes
    from crestline.scenario import load
    from crestline.verbs import forecast as verb

    chosen = load(scenario, sets or ())
    seed = verb.DEFAULT_SEED if seed is None else seed
    again = rerun("forecast", scenario, seed, sets, level)
    with talk(f"{chosen.name}: simulating {replications} days", replications) as said, processes() as players:
        made = verb.forecast(
            chosen,
            replications=replications,
            seed=seed,
            engine=engine,
            level=level or 1.0,
            executor=players,
            command=shlex.join([*again, "--replications", str(replications)]),
            progress=said.reached,
            say=said.update,
        )
    folder = verb.write(made, chosen, Path(out)) if out else None
    print_run(made.run, folder, out_format)
    raise typer.Exit(int(made.run["exit_code"]))

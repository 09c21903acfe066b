"""``crestline forecast``: play the day many times in simulated time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import (
    Cluster,
    Engine,
    Format,
    FormatOption,
    Level,
    Out,
    Precision,
    ScenarioArgument,
    Seed,
    Sets,
    Without,
)


def forecast(
    scenario: ScenarioArgument,
    replications: Annotated[
        int | None, typer.Option(min=1, help="How many days to simulate.", show_default="20")
    ] = None,
    precision: Precision = None,
    at_most: Annotated[
        int, typer.Option(min=2, metavar="DAYS", help="With --precision: stop after so many days at the latest.")
    ] = 10_000,
    seed: Seed = None,
    sets: Sets = None,
    without: Without = None,
    level: Level = None,
    engine: Engine = None,
    cluster: Cluster = None,
    out_format: FormatOption = Format.table,
    out: Out = None,
) -> None:
    """Forecast a whole day: response times, abandonment, recovery, and how many days hold each objective.

    Ctrl-C ends it early; what is known by then is printed.

    \b
    Examples:
      crestline forecast monthly-drill
      crestline forecast promotion-day --precision 1%
      crestline forecast promotion-day --set standby.agents=40 --replications 40
      crestline forecast normal-day --level 150% --format json
      crestline forecast monthly-drill --without standby
      crestline forecast normal-day --replications 1000 --cluster tcp://10.0.0.1:8786
    """
    import shlex

    from crestline.cli.engines import chosen_engine
    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.engine import default_engine
    from crestline.executors import executor_on
    from crestline.verbs.interrupt import interruptible

    many = at_most if precision else replications or 1
    with interruptible(), executor_on(cluster, engine or default_engine(), many) as executor:  # comes up meanwhile
        from crestline.mitigations import without as leave_out
        from crestline.scenario import load
        from crestline.verbs import forecast as verb

        chosen = leave_out(load(scenario, sets or ()), without or ())
        seed = verb.DEFAULT_SEED if seed is None else seed
        again = rerun("forecast", scenario, seed, sets, level, without)
        with talk(f"{chosen.name}: simulating days") as said:
            made = verb.forecast(
                chosen,
                replications=replications,
                precision=precision,
                at_most=at_most,
                seed=seed,
                engine=chosen_engine(engine, said),
                level=level or 1.0,
                executor=executor,
                command=shlex.join([*again, *verb.how_many(replications, precision)]),
                progress=lambda step: said.reached(step.share, step.words),
                say=said.update,
            )
    folder = verb.write(made, chosen, Path(out)) if out else None
    print_run(made.run, folder, out_format)
    raise typer.Exit(int(made.run["exit_code"]))

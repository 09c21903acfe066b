"""``crestline plan``: how many agents are needed, interval by interval, and in which shifts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import Engine, Format, FormatOption, Level, Out, ScenarioArgument, Seed, Sets

CsvOption = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write the need as CSV for workforce tools.")
]


def plan(
    scenario: ScenarioArgument,
    days: Annotated[int, typer.Option(min=2, help="By how many days rosters are compared.")] = 30,
    find_breaking_level: Annotated[
        bool, typer.Option("--find-breaking-level", help="How far demand may rise with the roster as it is.")
    ] = False,
    csv: CsvOption = None,
    seed: Seed = None,
    sets: Sets = None,
    level: Level = None,
    engine: Engine = None,
    out_format: FormatOption = Format.table,
    out: Out = None,
) -> None:
    """Plan staff: the fewest agents per interval and group with which every interval holds, and their shifts.

    \b
    Examples:
      crestline plan promotion-day
      crestline plan promotion-day --level 120% --csv roster.csv --out reports
      crestline plan my-service.yaml --set plan.minimum.front=5 --days 100
      crestline plan promotion-day --find-breaking-level
    """
    import shlex

    from crestline.cli.engines import chosen_engine
    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.scenario import load
    from crestline.verbs import breaking
    from crestline.verbs import plan as verb
    from crestline.verbs.forecast import DEFAULT_SEED
    from crestline.verbs.interrupt import interruptible

    chosen = load(scenario, sets or ())
    verb.refuse_csv(csv)
    seed = DEFAULT_SEED if seed is None else seed
    words = [*rerun("plan", scenario, seed, sets, level), "--days", str(days)]
    if find_breaking_level:
        command = shlex.join([*words, "--find-breaking-level"])
        with talk(f"{chosen.name}: how far demand may rise") as said, interruptible():
            run = breaking.find_breaking_level(
                chosen,
                days=days,
                seed=seed,
                level=level or 1.0,
                engine=chosen_engine(engine, said),
                command=command,
                say=said.update,
            )
        print_run(run, None, out_format)
        raise typer.Exit(int(run["exit_code"]))
    with talk(f"{chosen.name}: planning staff by {days} days") as said, interruptible():
        made = verb.plan(
            chosen,
            days=days,
            seed=seed,
            level=level or 1.0,
            engine=chosen_engine(engine, said),
            command=shlex.join(words),
            say=said.update,
        )
    if csv:
        verb.write_csv(made, csv)
    folder = verb.write(made, Path(out)) if out else None
    print_run(made.run, folder, out_format)
    raise typer.Exit(int(made.run["exit_code"]))

"""``crestline drill``: rehearse a service live beside its forecast."""

from __future__ import annotations

from typing import Annotated

import typer

from crestline.cli.options import Format, FormatOption, Level, Out, Seed, Sets


def drill(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A shipped scenario by name, or a YAML file.")
    ] = "monthly-drill",
    host: Annotated[
        str | None, typer.Option(metavar="URL", help="The target; left out, a reference desk is started for the drill.")
    ] = None,
    adapter: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="How the target is spoken to.", show_default=False)
    ] = None,
    no_agents: Annotated[
        bool, typer.Option("--no-agents", help="Load only: no virtual agents; the target's own people answer.")
    ] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes of this machine that play the customers.")] = 1,
    level: Level = None,
    seed: Seed = None,
    sets: Sets = None,
    out: Out = None,
    out_format: FormatOption = Format.table,
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the verdict and what was not met.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before loading another machine.")] = False,
) -> None:
    """Rehearse a service live, beside its forecast, and say whether it holds.

    Without a host it starts a reference desk on this machine. Customers arrive by the clock, virtual agents answer,
    the scenario's faults strike, and recovery is timed. The exit code is the verdict.

    \b
    Examples:
      crestline drill
      crestline drill quick --set 'objectives=["frt p90 < 1s"]'
      crestline drill monthly-drill --host https://staging.example --level 200%
    """
    import shlex
    import sys
    from pathlib import Path

    from crestline.cli.live_view import LiveView
    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.engine import default_engine
    from crestline.live.adapters import DESK
    from crestline.live.hosts import is_this_machine
    from crestline.replicate import executor_for
    from crestline.runs import REPORTS
    from crestline.scenario import load
    from crestline.verbs import drill as verb
    from crestline.verbs.forecast import DEFAULT_SEED

    chosen = load(scenario, sets or ())
    seed = DEFAULT_SEED if seed is None else seed
    again = rerun("drill", scenario, seed, sets, level)
    again += ["--host", host] if host else []
    again += ["--adapter", adapter] if adapter else []
    again += ["--workers", str(workers)] if workers > 1 else []
    again += ["--no-agents"] if no_agents else []
    if host and not yes and sys.stdin and sys.stdin.isatty() and not is_this_machine(host):
        typer.confirm(f"Put load on {host}?", abort=True, err=True)
    with talk(f"{chosen.name}: drill") as said, executor_for(default_engine()) as players:
        done = verb.drill(
            chosen,
            host=host,
            adapter=adapter or DESK,
            seed=seed,
            level=level,
            out=Path(out or REPORTS),
            workers=workers,
            agents=not no_agents,
            executor=players,
            command=shlex.join(again),
            say=said.say,
            show_progress=said.update,
            show_live=LiveView(chosen, said).show,
        )
    print_run(done.run, done.folder.path, out_format, quiet=quiet or not sys.stdout.isatty())
    raise typer.Exit(done.exit_code)

"""``crestline adapter``: what there is to do with adapters to targets of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import Sets

adapter = typer.Typer(help="Write and try an adapter to a target of your own.", no_args_is_help=True)


@adapter.command("new")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the file is called, such as my_desk.")],
) -> None:
    """Write NAME.py, an adapter to start from, into this folder; it says what every verb is to do.

    \b
    Example:
      crestline adapter new my_desk
    """
    from crestline.verbs.adapter import new_adapter

    made = new_adapter(name, Path.cwd())
    typer.echo(f"{made.path.name} is written: put the words of your service desk into it, then try it by", err=True)
    typer.echo(f"crestline adapter check {made.name} --host http://127.0.0.1:8000")


@adapter.command("check")
def check(
    name: Annotated[str, typer.Argument(metavar="MODULE:CLASS", help="The adapter.")],
    host: Annotated[str, typer.Option(metavar="URL", help="The target.")],
    scenario: Annotated[str, typer.Option(help="Whose first contact type and group are used.")] = "monthly-drill",
    sets: Sets = None,
    race: Annotated[
        bool, typer.Option("--race", help="Let two agents claim the same contact at one instant, 50 times.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before speaking to another machine.")] = False,
) -> None:
    """Run one contact through the target by hand, and show every verb of the adapter.

    \b
    Examples:
      crestline adapter check my_service:MyService --host https://staging.example --scenario my-service.yaml
      crestline adapter check crestline.live.adapters.desk:DeskAdapter --host http://127.0.0.1:8000 --race
    """
    from contextlib import closing

    from crestline.cli.drill import confirm
    from crestline.scenario import load
    from crestline.verbs.adapter import check_adapter, exit_code

    chosen = load(scenario, sets or ())
    if not yes:
        confirm(host, chosen.load_test.allowed_hosts, "Open conversations at")
    steps = []
    with closing(check_adapter(chosen, name, host, with_race=race)) as played:
        for step in played:
            steps.append(step)
            word = "ok" if step.ok else "FAILED"
            took = f"{word:<7} {step.took_s * 1000:7.1f} ms" if step.there else f"{'-':<18}"
            typer.echo(f"{step.verb:<15} {took}  {step.told}")
    raise typer.Exit(exit_code(steps))

"""``crestline adapter``: what there is to do with adapters to targets of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from crestline.cli.options import Sets

adapter = typer.Typer(help="Try an adapter to a target of your own.", no_args_is_help=True)


@adapter.command("check")
def check(
    name: Annotated[str, typer.Argument(metavar="MODULE:CLASS", help="The adapter.")],
    host: Annotated[str, typer.Option(metavar="URL", help="The target.")],
    scenario: Annotated[str, typer.Option(help="Whose first contact type and group are used.")] = "monthly-drill",
    sets: Sets = None,
) -> None:
    """Run one contact through the target by hand, and show every verb of the adapter.

    \b
    Examples:
      crestline adapter check my_service:Adapter --host https://staging.example --scenario my-service.yaml
      crestline adapter check crestline.live.adapters.desk:DeskAdapter --host http://127.0.0.1:8000
    """
    from crestline.errors import MET, TARGET
    from crestline.scenario import load
    from crestline.verbs.adapter import check_adapter

    steps = []
    for step in check_adapter(load(scenario, sets or ()), name, host):
        steps.append(step)
        word = "ok" if step.ok else "FAILED"
        typer.echo(f"{step.verb:<14} {word:<7} {step.took_s * 1000:7.1f} ms  {step.told}")
    raise typer.Exit(MET if all(step.ok for step in steps) else TARGET)

"""``crestline drill``: rehearse a service live beside its forecast."""

from __future__ import annotations

from typing import Annotated

import typer

from crestline.cli.options import Deadline, Format, FormatOption, Level, Out, Seed, Sets, Without

Host = Annotated[
    str | None, typer.Option(metavar="URL", help="The target; left out, a reference desk is started for the drill.")
]
Adapter = Annotated[
    str | None, typer.Option(metavar="MODULE:CLASS", help="How the target is spoken to.", show_default=False)
]
NoAgents = Annotated[bool, typer.Option("--no-agents", help="Load only: whoever is at the target answers, or nobody.")]
Workers = Annotated[int, typer.Option(min=1, help="Processes of this machine that play the customers.")]
Notify = Annotated[
    list[str] | None,
    typer.Option(
        metavar="URL",
        help="Tell of alerts there, as they are raised and are over: alertmanager://HOST:9093, or what apprise knows "
        "(extra notify); repeatable. It is written down nowhere; ${NAME} is taken from the environment.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done to whom, and send nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before loading another machine.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Only the verdict and what was not met.")]


def drill(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A shipped scenario by name, or a YAML file.")
    ] = "monthly-drill",
    host: Host = None,
    adapter: Adapter = None,
    no_agents: NoAgents = False,
    workers: Workers = 1,
    level: Level = None,
    seed: Seed = None,
    sets: Sets = None,
    notify: Notify = None,
    without: Without = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    deadline: Deadline = None,
    out: Out = None,
    out_format: FormatOption = Format.table,
    quiet: Quiet = False,
) -> None:
    """Rehearse a service live, beside its forecast, and say whether it holds.

    Without a host it starts a reference desk on this machine. Customers arrive by the clock, virtual agents answer,
    the scenario's faults strike, and recovery is timed. The exit code is the verdict.

    A host that is not this machine has to be in load_test.allowed_hosts, and is asked about. Secrets stay in the
    environment: load_test.headers and --notify hold them as ${NAME}. A file named stop in the run folder stops the run.

    \b
    Examples:
      crestline drill
      crestline drill quick --set 'objectives=["frt p90 < 1s"]'
      crestline drill my-service.yaml --host https://staging.example --dry-run
      crestline drill my-service.yaml --host https://staging.example --yes --deadline 20min
      crestline drill --notify alertmanager://127.0.0.1:9093 --notify 'slack://${SLACK}'
    """
    import shlex
    import sys
    from pathlib import Path

    from crestline.cli.live_view import LiveView
    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.engine import default_engine
    from crestline.executors import executor_for
    from crestline.live.adapters import DESK
    from crestline.mitigations import without as leave_out
    from crestline.notify import channels
    from crestline.runs import REPORTS
    from crestline.scenario import load
    from crestline.verbs import drill as verb
    from crestline.verbs.dry_run import dry_run as tell
    from crestline.verbs.forecast import DEFAULT_SEED

    sets = [*(sets or ()), *([f"load_test.deadline={deadline}"] if deadline else ())]
    chosen = leave_out(load(scenario, sets), without or ())
    seed = DEFAULT_SEED if seed is None else seed
    heard_by = channels(notify or ())  # addresses may hold secrets: they are in no command that is written down
    if dry_run:
        told = tell(
            chosen,
            host=host,
            adapter=adapter or DESK,
            seed=seed,
            level=level,
            workers=workers,
            agents=not no_agents,
            notify=heard_by,
        )
        for line in told:
            typer.echo(line)
        return
    if host and not yes:
        confirm(host, chosen.load_test.allowed_hosts)
    again = rerun("drill", scenario, seed, sets, level, without)
    again += ["--host", host] if host else []
    again += ["--adapter", adapter] if adapter else []
    again += ["--workers", str(workers)] if workers > 1 else []
    again += ["--no-agents"] if no_agents else []
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
            notify=heard_by,
        )
    print_run(done.run, done.folder.path, out_format, quiet=quiet or not sys.stdout.isatty())
    raise typer.Exit(done.exit_code)


def confirm(host: str, allowed: tuple[str, ...], what: str = "Put load on") -> None:
    """Ask before something is done to another machine; where nobody can be asked, ``--yes`` has to say so."""
    import sys

    from crestline.errors import TargetError
    from crestline.live.guards import check_host, check_unasked
    from crestline.live.hosts import is_this_machine

    if not (sys.stdin and sys.stdin.isatty()):
        check_unasked(host, allowed)
    check_host(host, allowed)
    if is_this_machine(host):
        return
    if not typer.confirm(f"{what} {host}?", err=True):
        msg = f"--host {host}: nothing was sent"
        raise TargetError(msg)

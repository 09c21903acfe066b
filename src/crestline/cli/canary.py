"""``crestline canary``: roll out a new version step by step, and back if it does harm."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.cli.options import Engine, Format, FormatOption, Out, ScenarioArgument, Seed, Sets

Candidate = Annotated[
    list[str] | None,
    typer.Option(
        "--candidate",
        metavar="KEY=VALUE",
        help="How the new version differs: fails=2%, triage.accuracy=80%, triage.reply_time=..., "
        "contacts.NAME.bot_resolves=65%; repeatable. Left out, as the scenario says.",
    ),
]
Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="SHARES", help="Other steps to set beside, such as 5%,25%,100%; repeatable."),
]
Live = Annotated[bool, typer.Option("--live", help="At a target, under load; without --host at a reference desk.")]
Host = Annotated[
    str | None, typer.Option(metavar="URL", help="The target; its adapter turns the release switch. Implies --live.")
]
CandidateHost = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where the new version is, if it has an address of its own: a share of the customers goes there.",
    ),
]
Adapter = Annotated[str | None, typer.Option(metavar="MODULE:CLASS", help="How the target is spoken to.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before loading another machine.")]
Runs = Annotated[int, typer.Option(min=1, help="On how many days it is rolled out.")]


def canary(
    scenario: ScenarioArgument,
    candidate: Candidate = None,
    policy: Policies = None,
    runs: Runs = 1,
    live: Live = False,
    host: Host = None,
    candidate_host: CandidateHost = None,
    adapter: Adapter = None,
    yes: Yes = False,
    seed: Seed = None,
    sets: Sets = None,
    engine: Engine = None,
    out_format: FormatOption = Format.table,
    out: Out = None,
) -> None:
    """Roll out a new version of the bot or its API to 1 %, 10 %, 50 % and 100 % of the contacts.

    At every step old and new version are compared on errors, first response time and resolution, by tests that may
    be looked at all the time. Harm rolls it back at once; otherwise it goes on when enough contacts have been seen,
    and to 100 % only when more harm than the margins is ruled out. Other steps are played on the same days, to say
    how many contacts each way would have harmed. The section canary of the scenario holds the rules.

    With --live the window of the load test is played, and the target's release switch is turned; on what is not
    promoted it is turned back. With --candidate-host no switch is needed: a share of the customers opens there,
    and agents in proportion log in there.

    Exit codes: 0 promoted, 1 rolled back, 3 inconclusive.

    \b
    Examples:
      crestline canary my-service.yaml
      crestline canary my-service.yaml --candidate contacts.order.bot_resolves=65%
      crestline canary my-service.yaml --candidate fails=3% --runs 20 --policy 5%,25%,100%
      crestline canary my-service.yaml --live --candidate fails=3%
      crestline canary my-service.yaml --host http://127.0.0.1:8000 --candidate-host http://127.0.0.1:8001
    """
    import shlex

    from crestline.cli.drill import confirm
    from crestline.cli.engines import chosen_engine
    from crestline.cli.progress import talk
    from crestline.cli.show import print_run, rerun
    from crestline.errors import UsageError
    from crestline.live.adapters import DESK
    from crestline.release.policies import read_policy
    from crestline.runs import REPORTS
    from crestline.scenario import load
    from crestline.units import format_share
    from crestline.verbs import canary as verb
    from crestline.verbs.canary_live import canary_live, check_hosts
    from crestline.verbs.forecast import DEFAULT_SEED
    from crestline.verbs.interrupt import interruptible

    chosen = load(scenario, [*(sets or ()), *(f"canary.candidate.{each}" for each in candidate or ())])
    policies = [read_policy(text) for text in policy] if policy else None
    seed = DEFAULT_SEED if seed is None else seed
    again = rerun("canary", scenario, seed, sets, None)
    again += [word for each in candidate or () for word in ("--candidate", each)]
    again += [word for each in policy or () for word in ("--policy", each)]
    again += ["--runs", str(runs)] if runs > 1 else []
    if live or host or candidate_host:
        if policies or runs > 1:
            msg = "--live: one roll-out is played, by the scenario's own steps; leave out --policy and --runs"
            raise UsageError(msg)
        again += ["--live", *(["--host", host] if host else []), *(["--adapter", adapter] if adapter else [])]
        again += ["--candidate-host", candidate_host] if candidate_host else []
        if candidate_host:
            check_hosts(host, candidate_host)
        for each in filter(None, (host, candidate_host)):
            if not yes:
                confirm(each, chosen.load_test.allowed_hosts)
        with talk(f"{chosen.name}: rolling out") as said:
            done, left = canary_live(
                chosen,
                host=host,
                candidate_host=candidate_host,
                adapter=adapter or DESK,
                seed=seed,
                out=Path(out or REPORTS),
                command=shlex.join(again),
                show_live=lambda at, share: said.update(
                    f"{chosen.clock(at.instant_s)}  {format_share(share)} of customers, {at.sent:,} contacts"
                ),
            )
        print_run(done.run, None, out_format)
        typer.echo(f"report: {left.path / 'report' / 'index.html'}", err=True)
        raise typer.Exit(done.exit_code)
    with talk(f"{chosen.name}: rolling out") as said, interruptible():
        done = verb.canary(
            chosen,
            seed=seed,
            runs=runs,
            policies=policies,
            engine=chosen_engine(engine, said),
            command=shlex.join(again),
            progress=said.reached,
        )
    folder = verb.write(done, chosen, Path(out)) if out else None
    print_run(done.run, None, out_format)
    if folder:
        typer.echo(f"report: {folder.path / 'report' / 'index.html'}", err=True)
    raise typer.Exit(done.exit_code)

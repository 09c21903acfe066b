"""``crestline canary --live``: the roll-out at a real target, by its release switch, under load."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from crestline import errors, runs
from crestline.errors import CrestlineError, GuardStop, Interrupted, TargetError, UsageError
from crestline.gates import gates
from crestline.live import adapters, split
from crestline.live.adapters import DESK, Adapter
from crestline.live.adapters.basics import has
from crestline.live.hosts import target_of
from crestline.live.ledger import LOAD
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.live.transport import transport
from crestline.live.wire import Wire
from crestline.release.judged import Judged, judge
from crestline.release.met import met
from crestline.release.steering import Steering
from crestline.release.steps import INCONCLUSIVE, PROMOTE
from crestline.runs import REPORTS, RunFolder
from crestline.scenario import Scenario
from crestline.verbs.account import finite_only
from crestline.verbs.canary import Release, account, tell
from crestline.verbs.forecast import DEFAULT_SEED
from crestline.verbs.interrupt import interruptible
from crestline.verbs.live_run import Progress, play_live
from crestline.verbs.stopped import Stopped, how_stopped
from crestline.verbs.target import ASK_S, Target, own_desk, target_at
from crestline.workload import timeline, window

SPARE_S = 60.0  # real seconds by which the switch outlasts the run, should nobody be left to turn it back


def canary_live(
    scenario: Scenario,
    *,
    host: str | None = None,
    candidate_host: str | None = None,
    adapter: str = DESK,
    seed: int = DEFAULT_SEED,
    out: Path = REPORTS,
    command: str = "",
    show_live: Callable[[Progress, float], None] = lambda _progress, _share: None,
) -> tuple[Release, RunFolder]:
    """Roll the candidate out while the window of the load test is played against ``host``, or a desk of its own.

    Without faults: it is a usual day. What is not promoted is taken back at the end, and by the target itself soon
    after, should this process be killed. With a ``candidate_host`` no switch is turned: the share of the customers
    goes there instead, and agents in proportion.
    """
    kind = adapters.load(adapter)
    if candidate_host is not None:
        check_hosts(host, candidate_host)
        check_seats(scenario)
    elif not has(kind, "release"):
        msg = (
            f"--adapter {adapter}: this target has no release switch (verb release); see crestline adapter check, "
            "or give the new version's own address with --candidate-host"
        )
        raise UsageError(msg)
    if scenario.canary.candidate.triage.reply_time is not None:
        msg = "canary.candidate.triage.reply_time: a live bot takes its own time; leave it out, or play it simulated"
        raise UsageError(msg)
    scenario = scenario.model_copy(update={"faults": ()})
    with interruptible(), ExitStack() as stack:
        known = stack.enter_context(target_at(scenario, host, adapter)) if host else None
        other = stack.enter_context(_candidate_at(scenario, candidate_host, adapter)) if candidate_host else None
        folder = runs.create(out, scenario)
        target = known or stack.enter_context(own_desk(scenario, folder))
        plan = Plan(folder.name, seed, target.digest, target.url, adapter, release=True)
        replace(plan, candidate_host=other.url if other else "").write(folder.path)
        if other:
            turn = partial(split.turn, folder.path)
        else:
            wire = stack.enter_context(closing(Wire(transport(scenario, target.url, folder.name), ASK_S)))
            turn = partial(_turn, kind(wire), _ttl_s(scenario))
        steering = Steering(scenario, _begins_s(scenario), turn)
        stopped = _play(folder, target, steering, show_live)
        decision = INCONCLUSIVE if stopped and steering.decision == PROMOTE else steering.decision
        if decision == PROMOTE and not other:
            kind(wire).release(1.0, ttl_s=None)  # for good: nobody has to turn it back any more
        elif decision != PROMOTE and steering.share:
            with suppress(TargetError):  # the target's own time to live takes it back
                steering.take_back()
    steps = [step.plain() | {"start": scenario.clock(step.from_s)} for step in steering.steps]
    said = account(scenario, decision, steps, seed, _against(host, candidate_host), command)
    why: dict[str, Any] = {"why": stopped.why if stopped else said["why"] or "the roll-out did not begin"}
    if stopped and (decision == INCONCLUSIVE or stopped.exit_code != errors.INCONCLUSIVE):
        why["exit_code"] = stopped.exit_code
    turned = [{"at_s": at, "share": share} for at, share in steering.turned]
    run = finite_only(
        said
        | why
        | {"world": "live", "target": target.url, "candidate_target": other.url if other else None}
        | met(scenario, _records(folder).outcomes(), steering.turned).plain()
        | {"turned": turned}
    )
    folder.write_run(run)
    tell(folder, run)
    return Release(run), folder


def check_hosts(host: str | None, candidate_host: str) -> None:
    """Refuse a candidate's host that has nothing to be compared with."""
    if host is None:
        msg = "--candidate-host: the old version's address is missing; give it with --host"
        raise UsageError(msg)
    if target_of(host) == target_of(candidate_host):
        msg = f"--candidate-host {candidate_host}: the same target as --host; two versions need two addresses"
        raise UsageError(msg)


def check_seats(scenario: Scenario) -> None:
    """Refuse groups of one seat, which cannot be at two hosts: their customers would wait at one of them for ever."""
    staffed = zip(scenario.agents, timeline(scenario, window(scenario)).staffing, strict=True)
    alone = [name for name, staffing in staffed if 1 in list(staffing.slots)]
    if alone and min(scenario.canary.steps) < 1:
        msg = "; ".join(f"agents.{name}: one seat" for name in alone) + (
            "; --candidate-host needs two or more in every group at all times, or none, since each host has to have "
            "one; raise on_duty or chats, or let another group have the skills"
        )
        raise UsageError(msg)


@contextmanager
def _candidate_at(scenario: Scenario, host: str, adapter: str) -> Iterator[Target]:
    """The other target, with refusals that name its option."""
    with ExitStack() as stack:
        try:
            target = stack.enter_context(target_at(scenario, host, adapter))
        except CrestlineError as error:
            error.args = (str(error).replace("--host", "--candidate-host", 1),)
            raise
        yield target


def _turn(target: Adapter, ttl_s: float, share: float) -> None:
    """Turn a release switch, which goes back by itself if nobody does it."""
    target.release(share, ttl_s=ttl_s if share else None)


def _ttl_s(scenario: Scenario) -> float:
    return window(scenario).horizon_s / scenario.load_test.time_scale + SPARE_S


def _begins_s(scenario: Scenario) -> float:
    """When the first step begins: as the scenario says where that is in the window, else as the ramp ends."""
    span, from_ = window(scenario), scenario.canary.from_
    asked = -math.inf if from_ is None else scenario.instant(from_)
    return asked if span.measured_from_s <= asked < span.end_s else span.measured_from_s


def _against(host: str | None, candidate_host: str | None) -> str:
    if candidate_host:
        return f"live, old version at {host}, new at {candidate_host}"
    return f"live against {host or 'the reference desk'}"


def _play(
    folder: RunFolder, target: Target, steering: Steering, show_live: Callable[[Progress, float], None]
) -> Stopped | None:
    """Play until the roll-out is decided or the window is over; why it cannot be trusted, if it cannot."""
    scenario = folder.scenario()
    records = _records(folder)

    def judged() -> Judged:
        return judge(scenario, records.outcomes())

    now_s, stopped = window(scenario).start_s, None
    try:
        with closing(play_live(folder, target.url)) as seen:
            for progress in seen:
                now_s = progress.instant_s
                steering.look(now_s, judged)
                show_live(progress, steering.share)
                target.check()
                if steering.is_over:
                    break
        stopped = None if steering.is_over else how_stopped(folder)
    except (GuardStop, Interrupted) as stop:
        stopped = Stopped(stop.exit_code, str(stop))
    finally:
        try:
            steering.close(min(now_s, window(scenario).end_s), judged)
        except TargetError as gone:
            stopped = stopped or Stopped(errors.INCONCLUSIVE, f"the switch could not be turned back: {gone}")
    return stopped or _doubt(folder)


def _records(folder: RunFolder) -> Records:
    scenario = folder.scenario()
    return Records(folder.path, scenario, timeline(scenario, window(scenario)))


def _doubt(folder: RunFolder) -> Stopped | None:
    """Why the load cannot be trusted by which it was decided: a gate that failed, but for the end, which was ours."""
    load = folder.read_json(LOAD) if folder.has(LOAD) else {}
    failed = [gate.name for gate in gates(load | {"finished": True}, None) if not gate.ok] if load else []
    return Stopped(errors.INCONCLUSIVE, f"the run cannot be trusted: {', '.join(failed)}") if failed else None

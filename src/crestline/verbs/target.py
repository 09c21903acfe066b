"""What is rehearsed against: a host that may be loaded, or a reference desk of the drill's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Container, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import NamedTuple

from crestline import launch
from crestline.errors import CrestlineError, GuardStop, TargetError
from crestline.live import adapters, guards
from crestline.live.adapters import Adapter, Refused, Unanswered
from crestline.live.adapters.desk import TOKEN
from crestline.live.faults import ON_TARGET
from crestline.live.lock import only_drill
from crestline.live.marks import check_mark
from crestline.live.spoken import brief
from crestline.live.transport import Transport, transport
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.verbs import desk

ASK_S = 5.0  # how long a target has to answer the first question
NOT_THERE = 404
OWN_DESK = "desk.json"  # in the run folder: the settings of a reference desk that is started for the run
CHECK = "check"  # the run that asks whether a target would take one
NO_DATA = ("text/html", "application/xhtml+xml")
ADVICE: dict[Container[int], str] = {
    range(300, 400): "redirects are not followed: give the address that it leads to",
    (401, 403, 407): "does it want credentials? they go into load_test.headers",
    (404, 405): "is this the target's address?",
}
NO_ADVICE = "the target has to be well before it is loaded"
TOKEN_ADVICE = "--allow-faults, and give drill and desk the same CRESTLINE_DESK_TOKEN"  # noqa: S105 - words


class Target(NamedTuple):
    """Where it is, the digest of the settings that it has to have, and its process if it is the drill's own."""

    url: str
    digest: str
    child: launch.Child | None = None

    def check(self) -> None:
        """Stop the run if the drill's own desk is gone."""
        if self.child is not None and self.child.has_ended:
            msg = f"the reference desk ended in mid-run (exit code {self.child.process.poll()}); see desk.log"
            raise GuardStop(msg)


@contextmanager
def target_at(scenario: Scenario, host: str, adapter: str, *, agents: bool = True) -> Iterator[Target]:
    """The target at an address, which nobody else may drill as long as the block lasts."""
    with only_drill(host):
        yield check_target(scenario, host, adapter, agents=agents)


def check_target(scenario: Scenario, host: str, adapter: str, *, agents: bool = True) -> Target:
    """The target, unless it may not be loaded, cannot suffer the faults, does not answer or is set up otherwise.

    ``agents``: whether anybody logs in there to answer.
    """
    guards.check_host(host, scenario.load_test.allowed_hosts)
    kind = adapters.load(adapter)
    faults = [fault.kind for fault in scenario.faults if fault.kind in ON_TARGET]
    guards.check_target(faults, kind.capabilities, os.environ.get(TOKEN, ""), agents=agents)
    way = transport(scenario, host, CHECK)
    target = Target(way.host, desk.settings(scenario, scenario.load_test.time_scale)["digest"])
    wire = Wire(way, ASK_S)
    try:
        _ask(kind(wire), scenario, target, bool(faults))
        check_mark(wire, scenario.load_test.mark, CHECK)
    except Exception as error:  # noqa: BLE001 - an adapter is somebody else's code
        raise _refusal(error, target, adapter, way, wire.content_type) from None
    finally:
        wire.close()
    return target


def _refusal(error: Exception, target: Target, adapter: str, way: Transport, content_type: str) -> CrestlineError:
    """What is wrong with a target, in one line and without what must not be told."""
    told = brief(way.hide(str(error)))
    match error:
        case Unanswered():
            why = f"{told}; is the target up, and is this its address?"
        case Refused():
            advice = next((words for statuses, words in ADVICE.items() if error.status in statuses), NO_ADVICE)
            why = f"{told}; {advice}"
        case CrestlineError():
            error.args = (way.hide(str(error)),)
            return error
        case _:
            got = f"; got {content_type}, expected JSON" if content_type in NO_DATA else ""
            raised = f"it raised {type(error).__name__}: {told}{got}"
            why = f"answers, but not as {adapter} expects ({raised}); is this the target's address?"
    return TargetError(f"--host {target.url}: {why}")


def _ask(spoken: Adapter, scenario: Scenario, target: Target, faults: bool) -> None:
    """Ask whether it is there, takes this scenario at this pace, and lets itself be broken where it has to."""
    spoken.health()
    pace = scenario.load_test.time_scale
    try:
        spoken.begin(CHECK, 0.0, pace, target.digest)
        if faults:
            ask_for_faults(spoken)
    except Refused as error:
        if not isinstance(error.body, Mapping) or "error" not in error.body:
            raise
        options = f"--time-scale {pace:g}{' --allow-faults' if faults else ''}"
        advice = TOKEN_ADVICE if error.status in (401, 403) else f"the same scenario, --set and {options}"
        reason = brief(str(error.body["error"]))
        msg = f"--host {target.url}: refuses this run: {reason}; start the desk with {advice}"
        raise TargetError(msg) from None


def ask_for_faults(spoken: Adapter) -> None:
    """Ask for one that is not there: to be told so is to be allowed to ask."""
    try:
        spoken.fault("0")
    except Refused as error:
        if error.status != NOT_THERE:
            raise


@contextmanager
def own_desk(scenario: Scenario, folder: RunFolder) -> Iterator[Target]:
    """A reference desk on a free port, as long as the block lasts; its log is in the run folder."""
    settings = desk.settings(scenario, scenario.load_test.time_scale)
    folder.write_json(OWN_DESK, settings)
    with _token(secrets.token_hex(16)):
        child = launch.start_desk(
            desk.command(folder.path / OWN_DESK, allow_faults=True, db=folder.path / "desk.sqlite"),
            log=folder.path / "desk.log",
        )
        try:
            with closing(Wire(transport(scenario, child.told, CHECK), ASK_S)) as wire:
                check_mark(wire, scenario.load_test.mark, CHECK)
            yield Target(child.told, settings["digest"], child)
        finally:
            child.stop()


@contextmanager
def _token(word: str) -> Iterator[None]:
    """Let the environment hold this token for a while: the desk and the live run read it there."""
    before = os.environ.get(TOKEN)
    os.environ[TOKEN] = word
    try:
        yield
    finally:
        del os.environ[TOKEN]
        if before is not None:
            os.environ[TOKEN] = before

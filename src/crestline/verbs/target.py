"""What is rehearsed against: a host that may be loaded, or a reference desk of the drill's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from crestline import launch
from crestline.errors import GuardStop, TargetError
from crestline.live import adapters, guards
from crestline.live.adapters import Adapter, Refused, Unanswered
from crestline.live.adapters.desk import TOKEN
from crestline.live.faults import ON_TARGET
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.verbs import desk

ASK_S = 5.0  # how long a target has to answer the first question
CHECK = "check"  # the run that asks whether a target would take one
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


def check_target(scenario: Scenario, host: str, adapter: str) -> Target:
    """The target, unless it may not be loaded, cannot suffer the faults, does not answer or is set up otherwise."""
    guards.check_host(host, scenario.load_test.allowed_hosts)
    kind = adapters.load(adapter)
    faults = [fault.kind for fault in scenario.faults if fault.kind in ON_TARGET]
    guards.check_target(faults, kind.capabilities, os.environ.get(TOKEN, ""))
    target = Target(host.rstrip("/"), desk.settings(scenario, scenario.load_test.time_scale)["digest"])
    wire = Wire(target.url, ASK_S)
    try:
        _ask(kind(wire), scenario, target, bool(faults))
    except Unanswered as error:
        msg = f"--host {target.url}: {error}; is the target up, and is this its address?"
        raise TargetError(msg) from None
    except (LookupError, TypeError, ValueError) as error:
        msg = f"--host {target.url}: answers, but not as {adapter} expects ({error!r}); is this the target's address?"
        raise TargetError(msg) from None
    finally:
        wire.close()
    return target


def _ask(spoken: Adapter, scenario: Scenario, target: Target, faults: bool) -> None:
    """Ask whether it is there, takes this scenario at this pace, and lets itself be broken where it has to."""
    spoken.health()
    pace = scenario.load_test.time_scale
    try:
        spoken.begin(CHECK, 0.0, pace, target.digest)
        if faults:
            spoken.fault("0")
    except Refused as error:
        if error.status == 404:  # there is no such fault: it may be asked for
            return
        reason = error.body.get("error", error) if isinstance(error.body, Mapping) else error
        options = f"--time-scale {pace:g}{' --allow-faults' if faults else ''}"
        advice = TOKEN_ADVICE if error.status in (401, 403) else f"the same scenario, --set and {options}"
        msg = f"--host {target.url}: refuses this run: {reason}; start the desk with {advice}"
        raise TargetError(msg) from None


@contextmanager
def own_desk(scenario: Scenario, folder: RunFolder) -> Iterator[Target]:
    """A reference desk on a free port, as long as the block lasts; its log is in the run folder."""
    settings = desk.settings(scenario, scenario.load_test.time_scale)
    folder.write_json("desk.json", settings)
    with _token(secrets.token_hex(16)):
        child = launch.start_desk(
            desk.command(folder.path / "desk.json", allow_faults=True, db=folder.path / "desk.sqlite"),
            log=folder.path / "desk.log",
        )
        try:
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

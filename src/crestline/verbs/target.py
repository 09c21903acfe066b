"""What is rehearsed against: a host that may be loaded, or a reference desk of the drill's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from crestline import launch
from crestline.live import adapters, guards
from crestline.live.adapters.desk import TOKEN
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.scenario import Scenario
from crestline.verbs import desk

ASK_S = 5.0  # how long a target has to answer the first question
ON_TARGET = frozenset({"triage-outage", "platform-outage"})


class Target(NamedTuple):
    """Where it is, and the digest of the settings that it has to have; empty for any."""

    url: str
    digest: str


def check_target(scenario: Scenario, host: str, adapter: str) -> None:
    """Refuse a target that may not be loaded, cannot suffer the faults, or does not answer; in this order."""
    guards.check_host(host, scenario.load_test.allowed_hosts)
    kind = adapters.load(adapter)
    faults = [fault.kind for fault in scenario.faults if fault.kind in ON_TARGET]
    guards.check_target(faults, kind.capabilities, os.environ.get(TOKEN, ""))
    wire = Wire(host, ASK_S)
    try:
        kind(wire).health()
    finally:
        wire.close()


@contextmanager
def own_desk(scenario: Scenario, folder: RunFolder) -> Iterator[Target]:
    """A reference desk on a free port, as long as the block lasts; its log is in the run folder."""
    settings = desk.settings(scenario, scenario.load_test.time_scale)
    folder.write_json("desk.json", settings)
    os.environ[TOKEN] = secrets.token_hex(16)
    child = launch.start_desk(
        desk.command(folder.path / "desk.json", allow_faults=True, db=folder.path / "desk.sqlite"),
        log=folder.path / "desk.log",
    )
    try:
        yield Target(child.told, settings["digest"])
    finally:
        child.stop()

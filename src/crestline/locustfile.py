"""What ``locust -f`` plays: a whole run of one scenario, arrivals, agents and faults, and then its verdict.

Locust wants a user class; the one here is idle, since customers arrive by the clock and not by a number of users.
"""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gevent
from locust import User, events, task
from locust.env import Environment

from crestline import runs
from crestline.errors import INCONCLUSIVE, MET, TARGET, USAGE
from crestline.live.adapters import DESK
from crestline.live.guards import check_unasked
from crestline.live.injector import end_with_parent, inject
from crestline.live.plan import FOLDER, JUDGED, PARENT_PIPE, Plan
from crestline.scenario import load
from crestline.verbs.pace import at_pace
from crestline.verbs.target import own_desk, target_at

log = logging.getLogger("crestline")


class Customers(User):  # type: ignore[misc]
    """Does nothing: everything is planned by the scenario, so ``-u`` and ``-r`` have no effect."""

    fixed_count = 1

    @task  # type: ignore[untyped-decorator]
    def rest(self) -> None:
        """Wait for the end of the run."""
        gevent.sleep(3600)


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_flags(parser: ArgumentParser) -> None:
    """The flags of a run that is started by hand; a run folder from the environment goes before them."""
    parser.add_argument("--scenario", default="monthly-drill", help="a shipped scenario, or a file")
    parser.add_argument("--level", default="", help="how many times the demand, such as 200%%")
    parser.add_argument("--seed", type=int, default=0, help="0 draws one")
    parser.add_argument("--yes", action="store_true", help="another machine may be loaded, if the scenario allows it")


@events.init.add_listener  # type: ignore[untyped-decorator]
def wire(environment: Environment, **_: object) -> None:
    """Let the injector play when Locust starts."""
    options = environment.parsed_options
    if options.num_users or options.spawn_rate:
        log.warning("-u and -r have no effect: customers arrive as the scenario says")
    run = Run(environment)
    injector = inject(environment, run.prepare, run.conclude)
    pipe = os.environ.get(PARENT_PIPE)
    if pipe:
        gevent.spawn(end_with_parent, injector, int(pipe))


class Run:
    """One run from start to verdict: its folder, its target and who judges it."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.closing = ExitStack()

    def prepare(self) -> Path:
        """The folder that a parent has made, or a new one; without a host there is a reference desk after this."""
        given = os.environ.get(FOLDER)
        if given:
            return Path(given)
        self.closing.close()  # what a run that broke off has left
        options: Any = self.environment.parsed_options
        scenario = at_pace(load(options.scenario, [f"load_test.level={options.level}"] if options.level else []))
        host = self.environment.host
        if host and not options.yes:
            check_unasked(host, scenario.load_test.allowed_hosts)
        target = self.closing.enter_context(target_at(scenario, host, DESK)) if host else None
        folder = runs.create(runs.REPORTS, scenario)
        if target is None:
            target = self.closing.enter_context(own_desk(scenario, folder))
            self.environment.host = target.url
            self.closing.callback(setattr, self.environment, "host", None)
        seed = options.seed or secrets.randbelow(2**31)
        workers = getattr(self.environment.runner, "worker_count", 1)
        Plan(folder.name, seed, target.digest, target.url, workers=workers).write(folder.path)
        return folder.path

    def conclude(self, folder: Path, code: int) -> int:
        """Have the run judged while the target is still there to be asked; the verdict counts if nothing worse came."""
        with self.closing:
            if os.environ.get(JUDGED) or code in (USAGE, TARGET):
                return code
            judged = subprocess.run([sys.executable, "-m", "crestline", "report", str(folder)], check=False).returncode
            return judged if code in (MET, INCONCLUSIVE) else code

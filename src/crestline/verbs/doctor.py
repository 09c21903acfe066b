"""``crestline doctor``: what is installed here, and which faults a drill could bring about."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, NamedTuple

import psutil  # type: ignore[import-untyped]

from crestline import __version__
from crestline.errors import MET, TARGET, CrestlineError
from crestline.live import adapters, guards
from crestline.live.adapters.desk import TOKEN
from crestline.live.faults import INJECT, ON_TARGET
from crestline.live.faults.here import Here, kind_obstacle, obstacle
from crestline.live.transport import Transport, transport
from crestline.live.wire import Wire
from crestline.scenario import Scenario
from crestline.verbs.target import ASK_S, CHECK, ask_for_faults

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


class Package(NamedTuple):
    """A package that Crestline needs, or needs for one of its extras; ``version`` is empty where it is missing."""

    name: str
    version: str
    extra: str


class Possible(NamedTuple):
    """A fault, and why it cannot be brought about, empty where it can; ``place`` is its index in a scenario."""

    kind: str
    why: str
    place: int | None = None
    at: str = ""


class Findings(NamedTuple):
    """What the doctor found."""

    machine: dict[str, Any]
    packages: list[Package]
    target: str
    faults: list[Possible]

    @property
    def exit_code(self) -> int:
        """That of a drill that is refused, where a scenario's fault cannot be brought about; else 0."""
        return TARGET if any(fault.why and fault.place is not None for fault in self.faults) else MET

    def told(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "machine": self.machine,
            "packages": [package._asdict() for package in self.packages],
            "target": self.target,
            "faults": [fault._asdict() | {"can": not fault.why} for fault in self.faults],
            "exit_code": self.exit_code,
        }


def examine(scenario: Scenario | None, host: str, adapter: str) -> Findings:
    """Look at this machine, and at what could be broken at ``host``; none: a reference desk started for a drill.

    A host is asked one question, whether it lets itself be broken, and only where something there would have to be.
    """
    can, token = adapters.load(adapter).capabilities, os.environ.get(TOKEN, "")
    here = Here(host, can, token)
    kinds = sorted(INJECT) if scenario is None else [fault.kind for fault in scenario.faults]
    if host and token and any(kind in ON_TARGET and kind in can.faults for kind in kinds):
        here = here._replace(refusal=_refusal(scenario, host, adapter))
    faults = list(_of_scenario(scenario, here) if scenario else _of_kinds(kinds, here))
    return Findings(machine(), packages(), host or "a reference desk started for the drill", faults)


def _of_kinds(kinds: Sequence[str], here: Here) -> Iterator[Possible]:
    return (Possible(kind, kind_obstacle(kind, here)) for kind in kinds)


def _of_scenario(scenario: Scenario, here: Here) -> Iterator[Possible]:
    for index, fault in enumerate(scenario.faults):
        yield Possible(fault.kind, obstacle(scenario, index, here), index, scenario.clock(scenario.instant(fault.at)))


def _refusal(scenario: Scenario | None, host: str, adapter: str) -> str:
    """Why the target would not be broken, in its own words or for want of an answer."""
    try:
        guards.check_host(host, scenario.load_test.allowed_hosts if scenario else ())
        way = transport(scenario, host, CHECK) if scenario else Transport(host.rstrip("/"))
        with closing(Wire(way, ASK_S)) as wire:
            return _raised(adapter, wire)
    except CrestlineError as error:
        return str(error)


def _raised(adapter: str, wire: Wire) -> str:
    """What an adapter raises that is asked for faults, without the secrets of its requests; empty where it answers."""
    try:
        ask_for_faults(adapters.load(adapter)(wire))
    except CrestlineError:
        raise
    except Exception as error:  # noqa: BLE001 - an adapter is somebody else's code
        return f"the adapter raised {type(error).__name__}: {wire.way.hide(str(error))}"
    return ""


def machine() -> dict[str, Any]:
    """What there is on this machine, as far as it matters to a drill or a forecast."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "crestline": __version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": usable,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "open_files": _bounded(soft),
        "open_files_at_most": _bounded(hard),
        "kernel": _kernel(),
        "browser": next(filter(None, map(shutil.which, BROWSERS)), None),
    }


def _bounded(number: int) -> int | None:
    return None if number == resource.RLIM_INFINITY else number


def _kernel() -> dict[str, Any]:
    """Whether machine code of the engine is kept, so that the first forecast does not have to make it."""
    try:
        from crestline.engine.compiled.kept import FOLDER, MACHINE
    except ImportError as error:
        return {"folder": None, "kept": 0, "why": str(error)}
    return {"folder": str(FOLDER), "kept": len(list(FOLDER.glob(f"*-{MACHINE}-*.code"))), "why": ""}


def packages() -> list[Package]:
    """What this installation names as needed, and what of it is there; nothing where it was not installed by pip."""
    try:
        named = requires("crestline") or []
    except PackageNotFoundError:
        return []
    found = {}
    for requirement in named:
        name, extra = _NAME.match(requirement), _EXTRA.search(requirement)
        if name and "win32" not in requirement.replace("!= 'win32'", "").replace('!= "win32"', ""):
            found[name[0], extra[1] if extra else ""] = _version(name[0])
    return [Package(name, there, extra) for (name, extra), there in sorted(found.items())]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""

"""``crestline adapter``: whether an adapter speaks to its target, verb by verb, and a first one to start from."""

from __future__ import annotations

import keyword
import secrets
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from crestline.errors import MET, MISSED, TARGET, TargetError, UsageError
from crestline.live import adapters, guards
from crestline.live.adapters import Adapter, skeleton
from crestline.live.adapters.check import Step, check, played
from crestline.live.adapters.race import Crew, Race, race
from crestline.live.transport import transport
from crestline.live.wire import Wire
from crestline.scenario import Scenario
from crestline.units import format_share
from crestline.verbs.interrupt import interruptible

PATIENCE = 15.0  # real seconds that one request may take
DOUBLED = "atomic claim"  # the step that says whether two agents got the same contact


def check_adapter(scenario: Scenario, adapter: str, host: str, *, with_race: bool = False) -> Generator[Step]:
    """Play one chain against a host that may be loaded, and then a race; ends at the first verb that fails.

    Closing it ends what it has opened at the target, as its end does.
    """
    guards.check_host(host, scenario.load_test.allowed_hosts)
    run = f"check-{secrets.token_hex(4)}"
    kind, way = adapters.load(adapter), transport(scenario, host, run)
    group, settings = next(iter(scenario.agents.items()))
    contact = settings.skills[0]
    with interruptible(), ExitStack() as stack:

        def dial() -> Adapter:
            wire = stack.enter_context(closing(Wire(way, PATIENCE)))
            try:
                return kind(wire)
            except Exception as error:  # noqa: BLE001 - an adapter of somebody else's may raise anything
                msg = f"adapter {adapter!r}: cannot be made ({type(error).__name__}: {error})"
                raise TargetError(way.hide(msg)) from None

        steps = stack.enter_context(closing(check(dial(), dial(), run=run, contact=contact, group=group)))
        for step in steps:
            yield step._replace(told=way.hide(step.told))
            if not step.ok:
                return
        if with_race:
            for step in _race(dial(), (dial(), dial()), Crew(f"{run}-race", group, contact)):
                yield step._replace(told=way.hide(step.told))


def _race(customer: Adapter, agents: tuple[Adapter, Adapter], crew: Crew) -> Generator[Step]:
    seen: list[Race] = []

    def run() -> str:
        seen.append(race(customer, agents, crew))
        unclaimed = f", {seen[0].nobody} of them given to nobody" if seen[0].nobody else ""
        return f"{seen[0].pairs} contacts, each claimed by two agents at one instant{unclaimed}"

    step = played("race", run)
    yield step
    if step.ok:
        yield judged(seen[0], declared=customer.capabilities.atomic_claim)._replace(took_s=step.took_s)


def judged(seen: Race, *, declared: bool) -> Step:
    """What a race says of the target, which may or may not declare that its claims are atomic."""
    made = partial(Step, DOUBLED, took_s=0.0)
    if seen.nobody == seen.pairs:
        return made(ok=False, told="nobody got any of the contacts: nothing is known of claims at one instant")
    if not seen.doubled:
        return made(ok=True, told=f"none of {seen.pairs} contacts was given to both")
    count = f"{seen.doubled} of {seen.pairs} contacts were given to both agents ({format_share(seen.share)})"
    if declared:
        return made(ok=False, told=f"{count}: doubled work, although the adapter declares atomic_claim")
    return made(ok=True, told=f"{count}: doubled work, which the adapter does not rule out (atomic_claim)")


def exit_code(steps: Sequence[Step]) -> int:
    """What the command ends with: 1 where claims are not what the adapter declares, 4 where a verb went wrong."""
    failed = {step.verb for step in steps if not step.ok}
    return MET if not failed else MISSED if failed == {DOUBLED} else TARGET


class Written(NamedTuple):
    """A file with an adapter in it, and the name by which it is loaded."""

    path: Path
    name: str


def new_adapter(name: str, folder: Path) -> Written:
    """Write ``NAME.py``, a commented adapter to start from; refuses to write over anything."""
    name = name.removesuffix(".py").replace("-", "_")
    if not name.isidentifier() or keyword.iskeyword(name):
        msg = f"adapter new: got {name!r}, expected the name of a Python module, such as my_desk"
        raise UsageError(msg)
    path, kind = folder / f"{name}.py", "".join(word.capitalize() for word in name.split("_")) or "Desk"
    text = Path(skeleton.__file__).read_text(encoding="utf-8").replace(skeleton.Skeleton.__name__, kind)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        msg = f"{path}: is there already, and is left as it is; choose another name"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be written ({error.strerror})"
        raise UsageError(msg) from None
    return Written(path, f"{name}:{kind}")

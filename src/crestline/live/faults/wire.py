"""The wire between customers and target is spoiled by a proxy of our own; see ``live/wire_proxy``.

Agents, orders and announcements go around it, the probe goes by it. That the fault took effect is seen by a request
of our own on a connection of its own; that it is gone, by another one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import gevent

from crestline.errors import TargetError
from crestline.live import adapters
from crestline.live.scene import Scene
from crestline.live.wire_proxy.condition import Condition
from crestline.live.wire_proxy.proxy import Look, WireProxy
from crestline.scenario import Scenario
from crestline.scenario.hooks import WireFault
from crestline.tables import Fault

AHEAD = 0.4  # real seconds before the strike at which a first look is taken and the order goes out
LONGEST = 1.0  # real seconds in which a request of our own is to be answered; less while a short fault is in force
AT_ONCE = 3  # requests of our own: jitter, and a share, do not meet each of them
AGAIN = 0.02  # real seconds between two requests of our own
MOST_OF = 0.8  # of the delay has to be seen: the rest is the clock's
UNSEEN = {"error": "not seen to take effect: no request of our own showed it"}
log = logging.getLogger(__name__)


def obstacle(scenario: Scenario, fault: WireFault, host: str) -> str:
    """Why this fault cannot be brought about here; empty where it can."""
    if fault.how == "errors" and host.startswith("https://"):
        return "errors are put between requests, which TLS hides; take reset, or a target that speaks plain HTTP"
    if fault.how == "errors" and scenario.load_test.proxy:
        return "errors are put between requests, which load_test.proxy may hide; take reset, or leave the proxy out"
    return ""


def inject(scene: Scene, index: int, fault: Fault) -> None:
    """Spoil the wire between two absolute instants, and write both edges down as they were seen."""
    block, wire, clock = scene.scenario.faults[index], scene.wire, scene.clock
    if wire is None or not isinstance(block, WireFault):
        msg = f"faults[{index}]: {fault.kind} needs a wire that can be spoiled"
        raise TargetError(msg)
    planned, end = clock.real(fault.start_s), clock.real(fault.end_s)
    fields: dict[str, Any] = {"index": index, "kind": fault.kind, "planned": planned}
    clock.hold(planned - AHEAD)
    watch = _Watch(wire, condition(scene, block), _path(scene, block), min(LONGEST, 0.4 * (end - planned)))
    try:
        before = watch.look(LONGEST)
        wire.strike(index, watch.condition, clock.monotonic(planned), clock.monotonic(end))
        clock.hold(planned)
        with scene.under(fault.kind):
            _follow(scene, index, watch, before, fields, end)
    except TargetError as error:
        log.error("%s could not be brought about: %s", fault.kind, error)  # noqa: TRY400 - the words are enough
        scene.ledger.fault(fields | {"error": str(error)})
    finally:
        with suppress(TargetError):
            wire.heal(index)


def condition(scene: Scene, block: WireFault) -> Condition:
    """The fault in real seconds."""
    return Condition(
        how=block.how,
        delay=scene.clock.lasts(block.delay),
        jitter=scene.clock.lasts(block.jitter),
        share=block.share,
        rate=block.rate or 0.0,
        status=block.status,
        paths=tuple(block.paths),
    )


def _path(scene: Scene, block: WireFault) -> str:
    return block.paths[0] if block.paths else getattr(adapters.load(scene.plan.adapter), "front", "/")


def _follow(scene: Scene, index: int, watch: _Watch, before: Look, fields: dict[str, Any], end: float) -> None:
    """Look until the fault shows, then wait for its end, then look until it does not."""
    clock, verified = scene.clock, ""
    while clock.now() < end and not (verified := watch.shows(before)):
        gevent.sleep(AGAIN)
    seen = watch.wire.tell(index)
    if not verified and watch.condition.share < 1 and seen.met:
        verified = f"none of our own requests met it, but {seen.met} of customers did"
    if verified and seen.effective is not None:
        fields |= {"effective": seen.effective - clock.monotonic(0.0), "verified": verified}
        scene.ledger.fault(fields)
    clock.hold(end)
    seen = watch.wire.heal(index)
    healed = {"met": seen.met, "healed": (seen.healed or clock.monotonic(end)) - clock.monotonic(0.0)}
    scene.ledger.fault(fields | (_seen_undone(scene, watch, before, healed) if "effective" in fields else UNSEEN))


def _seen_undone(scene: Scene, watch: _Watch, before: Look, healed: dict[str, Any]) -> dict[str, Any]:
    """What is written down of the end, once the fault does not show any more; it has not healed while it does."""
    last, shows = scene.clock.now() + LONGEST, SHOWS[watch.condition.how]
    while not (now := watch.look(LONGEST)).status or shows(watch.condition, now, before):
        if scene.clock.now() >= last:
            return {"error": f"not seen to be gone after its end: a request of our own {_told(now)}"}
        gevent.sleep(AGAIN)
    return healed | {"undone": f"a request of our own {_told(now)}"}


class _Watch:
    """Requests of our own, by the way of customers."""

    def __init__(self, wire: WireProxy, condition: Condition, path: str, within: float) -> None:
        self.wire, self.condition, self.path, self.within = wire, condition, path, within

    def look(self, within: float = 0.0) -> Look:
        return self.wire.look(self.path, within or self.within)

    def shows(self, before: Look) -> str:
        """How one of several requests at once shows the fault; empty where none does, or nobody answered before."""
        looks = [gevent.spawn(self.look) for _ in range(AT_ONCE)]
        gevent.joinall(looks)
        answers = [each.value for each in looks if each.value and before.status]
        seen = (now for now in answers if SHOWS[self.condition.how](self.condition, now, before))
        return next((f"a request of our own {_told(now)}; before it {_told(before)}" for now in seen), "")


def _told(look: Look) -> str:
    if look.error:
        return f"got no answer ({look.error.rpartition('(')[2].rstrip(')')})"
    by = " by the proxy" if look.is_ours else ""
    return f"was answered {look.status}{by} in {look.seconds * 1000:.1f} ms"


def _is_later(how: Condition, now: Look, before: Look) -> bool:
    return now.seconds >= before.seconds + MOST_OF * how.delay


def _is_scattered(how: Condition, now: Look, before: Look) -> bool:
    return now.seconds >= before.seconds + how.delay + how.jitter / 4


def _is_slow(how: Condition, now: Look, before: Look) -> bool:
    return now.seconds >= before.seconds + MOST_OF * now.length / how.rate


def _is_reset(_how: Condition, now: Look, _before: Look) -> bool:
    return "ConnectionResetError" in now.error or "RemoteDisconnected" in now.error


def _is_refused(_how: Condition, now: Look, _before: Look) -> bool:
    return "ConnectionRefusedError" in now.error


def _is_silent(_how: Condition, now: Look, _before: Look) -> bool:
    return "none within" in now.error


def _is_failed(_how: Condition, now: Look, _before: Look) -> bool:
    return now.is_ours


SHOWS: dict[str, Callable[[Condition, Look, Look], bool]] = {
    "latency": _is_later,
    "jitter": _is_scattered,
    "bandwidth": _is_slow,
    "reset": _is_reset,
    "refuse": _is_refused,
    "hang": _is_silent,
    "errors": _is_failed,
}

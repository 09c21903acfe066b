"""What the harness sees of a fault by itself: whether the target shows that it took effect, whatever the target says.

Each kind has a way to be seen: a function of the first look after the strike and the latest one that says how the
fault shows, empty while it does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from crestline.errors import TargetError
from crestline.live.adapters import Health, Refused
from crestline.live.scene import Scene
from crestline.tables import Outcome
from crestline.units import format_share

MOST_OF = 0.5  # of the delay that a slow bot is to have has to be seen by half of its customers
LATEST = 200  # replies that are looked at
USUAL = 5.0  # replies that would have been heard meanwhile, at least, where silence is to be news
SETTLES = 0.1  # real seconds for which replies are still on their way when the bot is stopped
LATE = 0.1  # real seconds by which a look may be late
TRIAGE = "triage"


class Sight(NamedTuple):
    """One look at the target and at what the run has counted so far; ``at`` in real seconds since zero."""

    at: float
    health: Health | None = None
    error: str = ""
    replies: int = 0  # of the bot, as customers heard them
    failed: int = 0
    worsened: int = 0
    given_up: int = 0


def look(scene: Scene) -> Sight:
    """What there is to be seen now."""
    health, error = None, ""
    try:
        health = scene.watch(None).health()
    except Refused as refused:
        error = f"its health was answered {refused.status}"
    except TargetError as silent:
        error = str(silent)
    tally = scene.floor.tally
    replies, failed = len(tally.overhead), tally.ended[Outcome.FAILED]
    return Sight(scene.clock.now(), health, error, replies, failed, tally.worsened, tally.given_up)


@dataclass
class Story:
    """What a kind is seen by: the scene, what is particular to the fault, and looks before and at the strike."""

    scene: Scene
    options: Mapping[str, Any]
    before: Sight
    struck: Sight
    busy_since: float = math.inf  # when enough of a pool was busy for it to grow
    others: set[str] = field(default_factory=set)  # processes that answer and did not before
    members: int = 0  # of the pool, with those who were on their way at the strike


Shows = Callable[[Story, Sight], str]


def workers_missing(_: Story, now: Sight) -> str:
    """A pool has fewer members than it ought to have."""
    for name, pool in now.health.pools.items() if now.health else ():
        if pool.ready < pool.planned:
            return f"the probe saw {pool.ready} of {pool.planned} members of pool {name} ready"
    return ""


def door_is_shut(story: Story, now: Sight) -> str:
    """Contacts fail."""
    failed = now.failed - story.before.failed
    return f"{failed} contacts were turned away" if failed > 0 else ""


def another_process(story: Story, now: Sight) -> str:
    """Who answers is somebody else."""
    before = story.before.health.instance if story.before.health else ""
    there = now.health.instance if now.health else ""
    story.others |= {there} - {before, ""} if before else set()
    count = len(story.others)
    told = "another process answered" if count == 1 else f"{count} other processes answered, one after the other"
    return told if count else ""


def not_well(_: Story, now: Sight) -> str:
    """The target is up and says that it is not well."""
    return now.error if now.health is None else ""


def replies_late(story: Story, now: Sight) -> str:
    """Half of the replies come later than usual by a good part of what they are to be delayed, or not at all.

    A target that gives up on a slow bot soon sends nobody to it: as many replies as that takes are enough.
    """
    scene, struck = story.scene, story.struck.replies
    since = scene.floor.tally.overhead[max(struck, now.replies - LATEST) : now.replies]
    usual = scene.floor.tally.overhead[max(0, struck - LATEST) : struck] or [0.0]
    normal = scene.clock.lasts(median(scene.rows.reply_s[:LATEST] or [0.0]))
    late = [seconds for seconds in since if seconds > median(usual) + MOST_OF * (story.options["factor"] - 1) * normal]
    missed = now.given_up - story.struck.given_up
    asked, slow = len(since) + missed, len(late) + missed
    breaker = scene.scenario.triage.breaker if scene.scenario.triage else None
    is_seen = asked >= (min(USUAL, breaker.failures) if breaker else USUAL) and slow > asked / 2
    return f"{slow} of {asked} replies of the bot came late{' or not at all' if missed else ''}" if is_seen else ""


def no_replies(story: Story, now: Sight) -> str:
    """Customers hear nothing of the bot for longer than they usually would."""
    lasts = now.at - story.struck.at - SETTLES
    usual = max(0.0, lasts) * story.struck.replies / max(1e-9, story.struck.at)
    if usual < USUAL or now.replies > story.struck.replies:
        return ""
    return f"no reply of the bot in {lasts:.1f} s, in which {usual:.0f} are usual"


def handed_on(story: Story, now: Sight) -> str:
    """The bot hands on what it would have resolved, or hands it on to somebody else."""
    worsened = now.worsened - story.before.worsened
    return f"{worsened} contacts were treated worse than by the good release" if worsened > 0 else ""


def pool_is_full(story: Story, now: Sight) -> str:
    """So much of the pool is busy that it scales out, and for long enough it has not."""
    scene, triage = story.scene, story.scene.scenario.triage
    pool = now.health.pools.get(TRIAGE) if now.health else None
    if triage is None or pool is None:
        return ""
    start_up = scene.clock.lasts(triage.pool.start_up)
    if now.at <= story.struck.at + start_up + LATE:
        story.members = max(story.members, pool.planned)
        return ""
    if pool.busy < triage.pool.scale_out_at * pool.slots:
        return ""
    story.busy_since = min(story.busy_since, now.at)
    grows_by = story.busy_since + scene.clock.lasts(scene.scenario.recovery.bucket) + start_up + LATE
    if now.at <= grows_by or pool.planned > story.members:
        return ""
    return f"{format_share(pool.busy / pool.slots)} of the slots were busy, and it stayed at {pool.planned} workers"


SHOWS: dict[str, Shows] = {
    "triage-outage": workers_missing,
    "triage-brownout slow": replies_late,
    "triage-brownout stop": no_replies,
    "triage-worse": handed_on,
    "web-worker-kill": another_process,
    "storage-stall": not_well,
    "platform-outage": door_is_shut,
    "pool-freeze": pool_is_full,
}


GROWS = (door_is_shut, another_process, replies_late, no_replies, handed_on)
"""Kinds of sights of which there is more to be told the longer the fault lasts."""


def is_well(now: Sight) -> str:
    """How the target is seen to be itself again; empty while it is not."""
    if now.health is None:
        return ""
    if any(pool.ready < pool.planned for pool in now.health.pools.values()):
        return ""
    pools = ", ".join(f"{pool.ready} of {pool.planned} in pool {name}" for name, pool in now.health.pools.items())
    return f"its health was answered, {pools or 'without pools'}"


def nothing_shows(kind: str) -> str:
    """Why a fault does not count as struck."""
    return f"not seen to take effect: {UNSEEN.get(kind, 'nothing showed it')}"


UNSEEN = {
    "triage-outage": "no pool was short of members",
    "triage-brownout slow": "replies of the bot came as usual",
    "triage-brownout stop": "replies of the bot did not fall silent, or too few are usual to tell",
    "triage-worse": "no contact was treated worse",
    "web-worker-kill": "the same process answered all the time",
    "storage-stall": "the target called itself well all the time",
    "platform-outage": "no contact was turned away",
    "pool-freeze": "the pool grew, or was never busy enough to grow",
}

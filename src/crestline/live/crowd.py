"""The customers of a run, or one worker's share of them, as they are played in this process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import gevent
from gevent.queue import SimpleQueue

from crestline.live.adapters import Unanswered
from crestline.live.customers import Customers
from crestline.live.ending import end
from crestline.live.lookout import Lookout
from crestline.live.scene import Scene
from crestline.live.share import SILENT, Share
from crestline.tables import Outcome

ANSWER = 2.0  # real seconds after which a target that has not answered an opening is not going to
LAST = 5.0  # real seconds that customers have for their last requests
LOOK = 0.01  # real seconds between two looks at who has gone
ALL_LOST = "workers lost"  # the trouble in which nobody is left


class Unfinished(NamedTuple):
    """Contacts that a run's end has cut off: how many, and the age of the oldest in real seconds."""

    contacts: int
    oldest: float


class Crowd(Protocol):
    """All customers of a run, wherever they are played."""

    @property
    def workers(self) -> int:
        """Processes that play them, and have done so until now."""

    @property
    def planned_workers(self) -> int:
        """Processes that were to play them."""

    @property
    def lost(self) -> tuple[str, ...]:
        """A sentence for every share of them that was lost."""

    @property
    def notice(self) -> float:
        """Real seconds ahead that everyone has to be told of an instant."""

    @property
    def cpu_share(self) -> float:
        """Of the busiest process that plays them, where that is another one."""

    def prepare(self) -> None:
        """Be ready to begin; returns when every process is."""

    def begin(self) -> None:
        """Zero is set: everyone comes at the planned instant."""

    def stop_at(self, instant: float) -> None:
        """Nobody comes at or after an instant (real seconds since zero)."""

    def trouble(self) -> str:
        """Why it cannot go on; empty when it can."""

    @property
    def unsettled(self) -> int:
        """How many wait, or talk to the bot, once nobody new comes."""

    @property
    def requests(self) -> int:
        """How many requests the customers' processes have sent."""

    def under_way(self) -> list[dict[str, Any]]:
        """What is written down of contacts that have not ended yet."""

    def close(self) -> Unfinished:
        """Nobody waits any more; who still does is written down as open."""


class OwnCrowd:
    """Customers who are played here, all of them or a ``share``."""

    workers = planned_workers = 1
    lost: tuple[str, ...] = ()
    notice = cpu_share = 0.0
    requests = 0  # the process counts its own

    def __init__(self, scene: Scene, back_shares: Mapping[Outcome, float], share: Share | None = None) -> None:
        self.scene, self.share = scene, share
        self._customers = Customers(scene, dict(back_shares))
        self._arrivals: gevent.Greenlet | None = None
        self._lookout: gevent.Greenlet | None = None
        self._trouble = ""
        self._players: list[gevent.Greenlet] = []
        self._idle = 0  # of them
        self._due = SimpleQueue()

    def prepare(self) -> None:
        """Nothing is missing."""

    def begin(self) -> None:
        """Walk the arrivals from now on."""
        self._arrivals = gevent.spawn(self._walk)
        if self.scene.plan.agents:
            self._lookout = gevent.spawn(Lookout(self.scene).watch)

    def stop_at(self, instant: float) -> None:
        """Nobody comes at or after an instant."""
        self.scene.stop = instant

    def trouble(self) -> str:
        """Why the share cannot be trusted any more."""
        return self._trouble

    @property
    def unsettled(self) -> int:
        """How many wait, or talk to the bot."""
        return self.scene.floor.unsettled

    def under_way(self) -> list[dict[str, Any]]:
        """Contacts that have not ended yet."""
        return [contact.fields() for contact in self.scene.floor.contacts.values()]

    def close(self) -> Unfinished:
        """Let who is served rate and go, and write down who is not."""
        floor = self.scene.floor
        settled = [contact.row for contact in floor.contacts.values() if contact.is_over]
        last = time.monotonic() + LAST
        while any(row in floor.contacts for row in settled) and time.monotonic() < last:
            gevent.sleep(LOOK)
        end([*filter(None, (self._arrivals, self._lookout)), *self._players], LAST)
        self._give_up_on_unanswered()
        left = list(floor.contacts.values())
        for contact in left:
            floor.write(contact.fields())
        ages = [self.scene.clock.now() - contact.planned for contact in left if not contact.is_over]
        return Unfinished(len(ages), max(ages, default=0.0))

    def _give_up_on_unanswered(self) -> None:
        """A contact that the target has not taken in by the end does not wait there: it has failed."""
        floor, now = self.scene.floor, self.scene.clock.now()
        for contact in list(floor.contacts.values()):
            if not contact.is_over and not contact.id and now - contact.sent > ANSWER:
                self.scene.trouble.note(Unanswered(f"open: no answer in {ANSWER:g} s or more until the run ended"))
                floor.end(contact, Outcome.FAILED, now)
                floor.leave(contact)

    def _walk(self) -> None:
        """One customer each at the planned instant, whatever became of the others."""
        scene, share = self.scene, self.share
        for row, planned_s in zip(scene.rows.first_rows, scene.rows.first_planned_s, strict=True):
            if share and not share.has(scene.rows.customer[row]):
                continue
            planned = scene.clock.real(planned_s)
            scene.clock.wait(planned)
            if share and scene.clock.now() - planned > SILENT:  # given up by now, it must not catch up in one rush
                self._trouble = f"it was held up for more than {SILENT:.0f} s"
                return
            if planned >= scene.stop:
                return
            self._come(row, planned)

    def _come(self, row: int, planned: float) -> None:
        """Whose customer has gone plays the next one: for the frames of a new greenlet Python maps new memory."""
        if self._idle:
            self._idle -= 1
        else:
            self._players.append(gevent.spawn(self._play))
        self._due.put((row, planned))

    def _play(self) -> None:
        while True:
            row, planned = self._due.get()
            self._customers.attend(row, planned)
            self._idle += 1

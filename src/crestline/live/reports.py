"""What a worker reports of its share: everything that has happened since the last report, and nothing twice."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from crestline.live.floor import WRITTEN, Contact, Floor
from crestline.live.guards import Held
from crestline.live.scene import Scene
from crestline.tables import Outcome
from crestline.workload.rows import Rows

COUNTS = ("planned", "sent", "dropped", "request_errors", "given_up", "worsened", "stormed")
LISTS = ("late", "overhead", "hand_over")


class ReportedFloor(Floor):
    """A floor on which everything is kept for the next report; see ``Floor``."""

    def __init__(self, rows: Rows, skills: int, in_flight: int) -> None:
        super().__init__(rows, skills, in_flight, self._keep)
        self.moves: list[tuple[int, int | None, float]] = []  # row, skill of the queue it enters, or None: leaves; when
        self.written: list[list[Any]] = []
        self.requests, self.held = 0, Held()

    def queue(self, contact: Contact, skill: int) -> None:
        """A contact waits for an agent."""
        super().queue(contact, skill)
        self.moves.append((contact.row, skill, contact.queued))

    def unqueue(self, row: int) -> None:
        """A contact waits no longer."""
        if any(row in queue for queue in self.queues):
            self.moves.append((row, None, math.nan))
        super().unqueue(row)

    def _keep(self, fields: Mapping[str, Any]) -> None:
        self.written.append(list(fields.values()))


def draw_report(scene: Scene, floor: ReportedFloor) -> dict[str, Any]:
    """Counts and lists are those since the last report; what is under way is told as it is."""
    tally, requests, held = floor.tally, scene.requests(), scene.held()
    report = {
        "now": scene.clock.now(),
        "moves": floor.moves,
        "contacts": floor.written,
        "looks": floor.looks,
        "counts": {name: getattr(tally, name) for name in COUNTS},
        "lists": {name: getattr(tally, name) for name in LISTS},
        "requests": requests - floor.requests,
        "held": [held.requests - floor.held.requests, held.seconds - floor.held.seconds],
        "latencies": scene.latencies.draw(),
        "causes": dict(scene.trouble.causes),
        "in_flight": floor.in_flight,
        "unsettled": floor.unsettled,
    }
    floor.moves, floor.written, floor.looks, floor.requests, floor.held = [], [], [], requests, held
    scene.trouble.causes.clear()
    for name in COUNTS:
        setattr(tally, name, 0)
    for name in LISTS:
        setattr(tally, name, [])
    return report


def take_report(floor: Floor, told: Mapping[str, Any]) -> None:
    """Put a worker's report into the floor of the run: the sum is what one process would have counted."""
    for row, skill, queued in told["moves"]:
        floor.unqueue(row)
        if skill is not None:
            floor.queues[skill][row] = queued
    for values in told["contacts"]:
        contact = _contact(values)
        if contact.is_over:
            floor.leave(contact)
        else:
            floor.write(contact.fields())
    floor.looks.extend(tuple(look) for look in told["looks"])
    held = Held(*told["held"])
    floor.tally.held_back += held.requests
    floor.tally.held_back_s += held.seconds
    for name in COUNTS:
        setattr(floor.tally, name, getattr(floor.tally, name) + told["counts"][name])
    for name in LISTS:
        getattr(floor.tally, name).extend(told["lists"][name])


def _contact(values: list[Any]) -> Contact:
    contact = Contact(**dict(zip(WRITTEN, values, strict=True)))
    contact.outcome = Outcome(contact.outcome)
    return contact

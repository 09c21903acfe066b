"""Workers as the process that conducts them knows them, and the floor of the customers whom they play."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crestline.live.crowd import Unfinished
from crestline.live.floor import Floor
from crestline.live.scene import Scene
from crestline.live.share import Share


@dataclass
class Player:
    """One worker and what it has told of itself."""

    worker: str
    share: Share
    customers: int  # of its share whose first contact is planned in the window
    heard: float = math.nan
    ready: bool = False
    lost: bool = False
    offset: float = 0.0  # its monotonic clock less that of this process
    round_trip: float = math.inf
    ticks: int = 0
    now: float = -math.inf  # by its clock, when it last reported
    in_flight: int = 0
    unsettled: int = 0
    asked: list[list[Any]] | None = None  # what it answered to the last question for contacts under way
    unfinished: Unfinished | None = None  # set as it closes

    @property
    def plays(self) -> bool:
        """Whether more is to be expected of it."""
        return not self.lost and self.unfinished is None


class FarFloor(Floor):
    """The floor of customers who are elsewhere: their queues as they were last told, and the way back to them."""

    def __init__(self, scene_floor: Floor, tell: Callable[[int, str, Mapping[str, Any]], None]) -> None:
        super().__init__(scene_floor.rows, len(scene_floor.queues), scene_floor.limit, scene_floor.write)
        self.tell = tell
        self.players: Sequence[Player] = ()

    def take(self, row: int, group: int, at: float, freed: float, *, is_own: bool, conversation: str) -> None:
        """An agent has claimed a contact: whoever plays its customer has to know."""
        self.unqueue(row)
        told = {"group": group, "at": at, "freed": freed, "is_own": is_own, "conversation": conversation}
        self.tell(row, "take", told)

    def pass_on(self, row: int, at: float) -> None:
        """An agent lets go of a contact."""
        self.tell(row, "pass_on", {"at": at})

    def resolve(self, row: int, at: float) -> None:
        """An agent has resolved a contact."""
        self.tell(row, "resolve", {"at": at})

    @property
    def in_flight(self) -> int:
        """How many are under way, as last told."""
        return sum(player.in_flight for player in self.players)


def players(scene: Scene, workers: Mapping[str, Share]) -> list[Player]:
    """Workers that are to play, by name; and how many customers each is to play."""
    last, rows = scene.timeline.end_s, scene.rows
    planned = [rows.customer[row] for row, at in zip(rows.first_rows, rows.first_planned_s, strict=True) if at < last]
    return [Player(name, share, sum(map(share.has, planned))) for name, share in workers.items()]

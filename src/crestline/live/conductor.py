"""The customers of a run as the process sees them that conducts workers: it gives shares and hears what comes of them.

Agents, standby, faults, probe, guards and every file stay here; customers are told from afar what agents did. A
worker that is not heard of for a while is lost, and its share with it: nobody else knows what its customers know.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gevent

from crestline.errors import INCONCLUSIVE, CrestlineError
from crestline.live.crowd import ALL_LOST, LAST, Unfinished
from crestline.live.floor import WRITTEN
from crestline.live.plan import PLAN, SCENARIO
from crestline.live.players import FarFloor, Player
from crestline.live.reports import take_report
from crestline.live.scene import Scene
from crestline.live.share import SILENT

READY = 60.0  # real seconds that workers have to sample their customers
ANSWER = 1.0  # real seconds that a worker has for a question
TICKS = 5  # questions for a worker's clock; the quickest answer counts
LOOK = 0.02
LATE = "it came after the shares of this run were given"
GIVEN_UP = "its share of this run was given up when it had been silent for too long"
Send = Callable[[str, str, Mapping[str, Any]], None]  # to a worker: what, and its details
log = logging.getLogger("crestline")


@dataclass
class Conductor:
    """The customers of a run who are played by workers."""

    scene: Scene
    players: list[Player]
    send: Send
    lost: tuple[str, ...] = ()
    notice: float = 0.05
    requests: int = 0
    cpu_share: float = 0.0  # of the busiest worker
    closes: bool = False
    strange: str = ""  # of a claim that is nobody's here
    by_worker: dict[str, Player] = field(init=False)
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_worker = {player.worker: player for player in self.players}
        self.scene.floor = far = FarFloor(self.scene.floor, self._tell)
        far.players = self.players

    @property
    def planned_workers(self) -> int:
        """Workers that were given a share."""
        return len(self.players)

    @property
    def workers(self) -> int:
        """Workers that have played their share until now, or to its end."""
        return sum(not player.lost for player in self.players)

    def prepare(self) -> None:
        """Give the shares out, wait for every worker, and compare clocks."""
        folder = self.scene.ledger.folder
        files = {name: (folder / name).read_text(encoding="utf-8") for name in (SCENARIO, PLAN)}
        for player in self.players:
            told = {"files": files, "host": self.scene.host, "share": vars(player.share)}
            self.send(player.worker, "share", told)
        self._wait(READY, lambda: all(player.ready or player.lost for player in self.players))
        late = [str(player.share) for player in self.players if not player.ready and not player.lost]
        self._insist(late, f"not ready within {READY:.0f} s after the shares were given")
        for tick in range(1, TICKS + 1):
            for player in self.players:
                self.send(player.worker, "tick", {"sent": time.monotonic()})
                self._wait(ANSWER, lambda player=player, tick=tick: player.ticks >= tick)  # type: ignore[misc]
        mute = [str(player.share) for player in self.players if not player.ticks and not player.lost]
        self._insist(mute, f"did not tell its clock within {TICKS * ANSWER:.0f} s")

    def _insist(self, missing: list[str], why: str) -> None:
        """Without every worker the run does not begin."""
        if missing or self.lost:
            error = CrestlineError("; ".join([*self.lost, *([f"{', '.join(missing)}: {why}"] if missing else [])]))
            error.exit_code = INCONCLUSIVE
            raise error

    def begin(self) -> None:
        """Tell every worker when zero is, by its own clock."""
        zero = self.scene.clock.monotonic(0.0)
        for player in self.players:
            player.heard = time.monotonic()
            self.send(player.worker, "zero", {"at": zero + player.offset})

    def stop_at(self, instant: float) -> None:
        """Nobody comes at or after an instant."""
        self.scene.stop = instant
        self._send_all("stop", {"at": instant})

    def trouble(self) -> str:
        """Count out who has been silent for too long; a reason to end when nobody is left, or there are strangers."""
        for player in self.players:
            if player.plays and time.monotonic() - player.heard > SILENT:
                self._lose(player, f"not heard of for {SILENT:.0f} s")
        return ALL_LOST if all(player.lost for player in self.players) else self.strange

    @property
    def unsettled(self) -> int:
        """How many wait, or talk to the bot; unknown, and so not none, until a worker has reported after the stop."""
        playing = [player for player in self.players if player.plays]
        return sum(player.unsettled if player.now >= self.scene.stop else 1 for player in playing)

    def under_way(self) -> list[dict[str, Any]]:
        """Ask every worker for the contacts that have not ended yet."""
        asked = [player for player in self.players if player.plays]
        for player in asked:
            player.asked = None
        self._send_all("under_way", {})
        self._wait(ANSWER, lambda: all(player.asked is not None for player in asked))
        return [dict(zip(WRITTEN, told, strict=True)) for player in asked for told in player.asked or ()]

    def close(self) -> Unfinished:
        """Have every worker close; one that does not is lost. Who was never ready has nothing to close."""
        self.closes, ready = True, [player for player in self.players if player.ready]
        for player in ready:
            player.heard = time.monotonic()  # before zero nobody has to be heard of
        self._send_all("close", {})
        self._wait(2 * LAST + SILENT, lambda: bool(self.trouble()) or not any(player.plays for player in ready))
        for player in ready:
            if player.plays:
                self._lose(player, "it did not end when it was asked to")
        ends = [player.unfinished for player in self.players if player.unfinished]
        return Unfinished(sum(end.contacts for end in ends), max((end.oldest for end in ends), default=0.0))

    def hear(self, worker: str, what: str, told: Mapping[str, Any]) -> None:
        """Take in what a worker says; one that has no share of this run, or none any more, is told to quit."""
        player = self.by_worker.get(worker)
        if player is None or player.lost:
            why = GIVEN_UP if player else LATE
            if worker not in self.refused:
                log.warning("worker %s is told to quit: %s", worker, why)
            self.refused.add(worker)
            self.send(worker, "refused", {"why": why})
            return
        player.heard = time.monotonic()
        HEARD[what](self, player, told)

    def is_ready(self, player: Player, _told: Mapping[str, Any]) -> None:
        """It has its customers before it."""
        player.ready = True

    def fails(self, player: Player, told: Mapping[str, Any]) -> None:
        """It cannot play its share."""
        self._lose(player, told["why"])

    def is_strange(self, _player: Player, told: Mapping[str, Any]) -> None:
        """An agent here has what none of its customers has: the run must not go on."""
        self.strange = self.strange or told["why"]

    def ticks(self, player: Player, told: Mapping[str, Any]) -> None:
        """Its clock; one that differs by less than the way to it and back is the same."""
        now = time.monotonic()
        player.ticks += 1
        round_trip = now - told["sent"]
        if round_trip < player.round_trip:
            offset = told["now"] - (now + told["sent"]) / 2
            player.round_trip, player.offset = round_trip, offset if abs(offset) > round_trip / 2 else 0.0

    def reports(self, player: Player, told: Mapping[str, Any]) -> None:
        """What has happened among its customers since its last report."""
        floor = self.scene.floor
        take_report(floor, told)
        self.scene.trouble.causes.update(told["causes"])
        self.requests += told["requests"]
        self.scene.latencies.take(told["latencies"])
        player.now, player.in_flight, player.unsettled = told["now"], told["in_flight"], told["unsettled"]
        self.cpu_share = max(self.cpu_share, told["cpu_share"])
        floor.tally.in_flight_max = max(floor.tally.in_flight_max, floor.in_flight)
        if told["unfinished"] is not None:
            player.unfinished = Unfinished(*told["unfinished"])
            if not self.closes:
                self._lose(player, "it ended before the run did")

    def answers(self, player: Player, told: Mapping[str, Any]) -> None:
        """Its contacts under way."""
        player.asked = told["contacts"]

    def _lose(self, player: Player, why: str) -> None:
        """Go on without it: its customers are not played by anybody else."""
        player.lost, player.in_flight = True, 0
        words = f"{player.share} was lost ({why}), and with it its share of {player.customers:,} planned customers"
        self.lost += (words,)
        log.error(words)
        rows = self.scene.rows
        for queue in self.scene.floor.queues:
            for row in [row for row in queue if player.share.has(rows.customer[row])]:
                del queue[row]

    def _tell(self, row: int, what: str, told: Mapping[str, Any]) -> None:
        """Tell whoever plays the customer of a row."""
        player = self.players[self.scene.rows.customer[row] % len(self.players)]
        if player.plays:
            self.send(player.worker, what, {"row": row, **told})

    def _send_all(self, what: str, told: Mapping[str, Any]) -> None:
        for player in self.players:
            if player.plays:
                self.send(player.worker, what, told)

    def _wait(self, at_most: float, until: Callable[[], bool]) -> None:
        """Wait until something is so, for a while at most."""
        last = time.monotonic() + at_most
        while not until() and time.monotonic() < last:
            gevent.sleep(LOOK)


HEARD: dict[str, Callable[[Conductor, Player, Mapping[str, Any]], None]] = {
    "here": lambda *_: None,
    "ready": Conductor.is_ready,
    "failed": Conductor.fails,
    "strange": Conductor.is_strange,
    "tock": Conductor.ticks,
    "report": Conductor.reports,
    "contacts": Conductor.answers,
}

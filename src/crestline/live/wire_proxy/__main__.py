"""The process: it opens a door on 127.0.0.1, carries bytes to the target, and takes orders on its standard input.

An order is a line of JSON with a number ``n``; its answer is a line with the same number. Every fault carries its end,
so that it heals without another word, and the process ends with its input: nothing is left when the parent is gone.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from crestline.live.wire_proxy.condition import Condition
from crestline.live.wire_proxy.relay import Cable, Pair

LOOPBACK, BACKLOG = "127.0.0.1", 4096


class Door:
    """Where customers come in. While it is shut its port stays taken, so that nobody else gets it."""

    def __init__(self, cable: Cable) -> None:
        self._cable, self._kept = cable, _bound(0)
        self.port: int = self._kept.getsockname()[1]
        self._listening: socket.socket | None = None
        self._server: asyncio.Server | None = None

    def open(self) -> None:
        """Let customers in; nothing where they are let in already."""
        if self._listening is None:
            self._listening = _bound(self.port)
            self._listening.listen(BACKLOG)
            self._serving = asyncio.get_running_loop().create_task(self._serve(self._listening))

    async def _serve(self, listening: socket.socket) -> None:
        """Take those in who have come; the door may have been shut again meanwhile."""
        if self._listening is not listening:
            return
        server = await asyncio.get_running_loop().create_server(
            lambda: Pair(self._cable).near, sock=listening, backlog=BACKLOG
        )
        if self._listening is listening:
            self._server = server
        else:
            server.close()

    def shut(self) -> None:
        """Refuse whoever comes."""
        listening, server, self._listening, self._server = self._listening, self._server, None, None
        if server:
            server.close()
        elif listening:
            listening.close()


class Proxy:
    """One wire with its faults, one after the other; ``obey`` takes an order and gives the answer."""

    def __init__(self, cable: Cable, door: Door) -> None:
        self.cable, self.door = cable, door
        self._edges: dict[int, dict[str, float]] = {}
        self._in_force = -1
        self._met: dict[int, int] = {}

    def obey(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """``strike`` plans a fault between two instants of the monotonic clock, ``heal`` ends one, ``tell`` tells."""
        fault, loop = order["fault"], asyncio.get_running_loop()
        if order["do"] == "strike":
            self._edges[fault] = {}
            condition, now = Condition.told(order["condition"]), time.monotonic()
            loop.call_later(max(0.0, order["at"] - now), self._strike, fault, condition)
            loop.call_later(max(0.0, order["end"] - now), self._heal, fault)
        elif order["do"] == "heal":
            self._heal(fault)
        met = self.cable.met if fault == self._in_force else self._met.get(fault, 0)
        return {**self._edges.get(fault, {}), "met": met, "open": len(self.cable.pairs)}

    def _strike(self, fault: int, condition: Condition) -> None:
        if "healed" in self._edges[fault]:
            return
        self._in_force = fault
        if condition.how == "refuse":
            self.door.shut()
        self.cable.strike(condition)
        self._edges[fault]["effective"] = time.monotonic()

    def _heal(self, fault: int) -> None:
        edges = self._edges.setdefault(fault, {})
        if "healed" in edges:
            return
        edges["healed"] = time.monotonic()
        if fault == self._in_force:
            self._met[fault], self._in_force = self.cable.met, -1
            self.cable.heal()
            self.door.open()


async def serve(target: tuple[str, int], seed: int, *, reads_requests: bool) -> None:
    """Carry bytes and take orders until there are no more of them."""
    cable = Cable(target, seed, reads_requests=reads_requests)
    door = Door(cable)
    door.open()
    orders, proxy = asyncio.StreamReader(), Proxy(cable, door)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    _say({"port": door.port})
    while line := await orders.readline():
        order = json.loads(line)
        _say({"n": order["n"], **proxy.obey(order)})


def _bound(port: int) -> socket.socket:
    """A socket of ours on a port, which may be ours already: macOS wants to be told by SO_REUSEPORT, too."""
    made = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        made.setsockopt(socket.SOL_SOCKET, option, 1)
    made.bind((LOOPBACK, port))
    return made


def _say(told: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """``HOST PORT SEED [requests]``: the target, what dice begin with, and whether whole requests may have to fail."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the end of the input is the end; a run that is stopped still closes
    host, port, seed, *more = sys.argv[1:]
    run = asyncio.run
    with suppress(ImportError):
        from uvloop import run  # type: ignore[no-redef]
    with suppress(BrokenPipeError):
        run(serve((host, int(port)), int(seed), reads_requests=bool(more)))


if __name__ == "__main__":
    main()

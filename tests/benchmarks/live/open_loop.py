"""A plain client with planned instants, to compare with: no Locust, no customers, nothing but requests on time.

``python open_loop.py PORT RATE SECONDS`` sends a Poisson stream and prints what it saw as JSON; milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import Any, cast

import uvloop

REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
SEED = 1
LAST_S = 5.0  # that answers may take after the last request


class Line(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, client: Client) -> None:
        self.client, self.due = client, 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Now it can be written to."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, due: float) -> None:
        """Send the request that was planned for an instant of the loop's clock."""
        self.due = due
        self.client.late.append(self.client.loop.time() - due)
        self.transport.write(REQUEST)

    def data_received(self, data: bytes) -> None:  # noqa: ARG002 - an answer of this server comes in one piece
        """The answer."""
        self.client.took.append(self.client.loop.time() - self.due)
        self.client.idle.append(self)


class Client:
    """All connections, and what came of the requests (seconds)."""

    def __init__(self, port: int) -> None:
        self.loop, self.port = asyncio.get_running_loop(), port
        self.idle: list[Line] = []
        self.late: list[float] = []
        self.took: list[float] = []
        self._connecting: set[asyncio.Task[None]] = set()

    def send(self, due: float) -> None:
        """On a connection that is idle, or on a new one."""
        if self.idle:
            self.idle.pop().ask(due)
            return
        task = self.loop.create_task(self._connect(due))
        self._connecting.add(task)
        task.add_done_callback(self._connecting.discard)

    async def _connect(self, due: float) -> None:
        _, line = await self.loop.create_connection(lambda: Line(self), "127.0.0.1", self.port)
        line.ask(due)


async def play(port: int, rate: float, seconds: float) -> dict[str, Any]:
    """Send at the instants of a Poisson stream; whoever is due is sent, whatever became of the others."""
    client, draw, planned = Client(port), random.Random(SEED), 0
    zero = client.loop.time() + 0.1
    due = zero + draw.expovariate(rate)
    while due < zero + seconds:
        await asyncio.sleep(max(0.0, due - client.loop.time()))
        while due <= client.loop.time() and due < zero + seconds:
            client.send(due)
            planned += 1
            due += draw.expovariate(rate)
    last = client.loop.time() + LAST_S
    while len(client.took) < planned and client.loop.time() < last:
        await asyncio.sleep(0.05)
    told = {"late_p99_ms": 1000 * _p99(client.late), "p99_ms": 1000 * _p99(client.took)}
    return {"planned": planned, "sent": len(client.late), "answered": len(client.took), **told}


def _p99(values: list[float]) -> float:
    return sorted(values)[int(0.99 * len(values))]


if __name__ == "__main__":
    print(json.dumps(uvloop.run(play(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3])))))

"""Bytes from customers to the target and back, and what a fault does to them; the stream stays whole in any case."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import time
from collections import deque
from contextlib import suppress
from typing import Any, cast

from crestline.live.wire_proxy.asked import Asked, Heard
from crestline.live.wire_proxy.condition import DELAYING, HELD, LATE, SEVERED, Condition, Delays

LINGER_NOT = struct.pack("ii", 1, 0)  # close with a reset
MOST_KEPT = 1 << 20  # bytes of one direction that wait to be due before no more are read


class Cable:
    """Everything that the connections share: where the target is, and the fault that is in force."""

    def __init__(self, target: tuple[str, int], seed: int, *, reads_requests: bool) -> None:
        self.target, self.reads_requests = target, reads_requests
        self.dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
        self.condition: Condition | None = None
        self.delays: Delays | None = None
        self.pairs: set[Pair] = set()
        self.met = 0  # requests and pieces of answers that the fault in force has met

    def strike(self, condition: Condition) -> None:
        """Let a fault be in force from here on, for connections that are open, too."""
        self.condition, self.met = condition, 0
        self.delays = Delays(condition, self.dice) if condition.how in DELAYING else None
        for pair in tuple(self.pairs):
            pair.suffer()

    def heal(self) -> None:
        """Lift the fault: what was kept back goes on at once, in its order; what was late when it came stays late."""
        is_late = self.condition is not None and self.condition.how in LATE
        self.condition = self.delays = None
        for pair in () if is_late else tuple(self.pairs):
            pair.release()


class End(asyncio.Protocol):
    """One end of a connection that leads on: to the customer's side, or to the target's."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.transport: asyncio.Transport | None = None
        self.other: End | None = None
        self._kept: deque[tuple[float, bytes]] = deque()  # due, and what is to be written here then
        self._kept_bytes, self._timer = 0, cast("asyncio.TimerHandle | None", None)
        self._reasons: set[str] = set()  # why nothing is read here
        self._ends = False  # what is kept is the last

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        self.transport = cast("asyncio.Transport", transport)
        self.pair.meets(self)
        self.release()

    def data_received(self, data: bytes) -> None:
        """A piece came; where it goes is the pair's matter."""
        self.pair.carry(self, data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone: the other end goes too, once it has been told all."""
        if self._timer:
            self._timer.cancel()
        self.pair.lose(self, broken=exc is not None)

    def pause_writing(self) -> None:
        """What is written here is not taken: read no more of it."""
        if self.other:
            self.other.hold("full")

    def resume_writing(self) -> None:
        """It is taken again."""
        if self.other:
            self.other.free("full")

    def hold(self, reason: str) -> None:
        """Read nothing more for this reason."""
        if not self._reasons and self.transport and not self.transport.is_closing():
            self.transport.pause_reading()
        self._reasons.add(reason)

    def free(self, reason: str) -> None:
        """Read again, unless there is another reason not to."""
        if reason not in self._reasons:
            return
        self._reasons.remove(reason)
        if not self._reasons and self.transport and not self.transport.is_closing():
            self.transport.resume_reading()

    def is_held(self, reason: str) -> bool:
        """Whether nothing is read for this reason."""
        return reason in self._reasons

    def write(self, data: bytes, due: float | None = None) -> None:
        """Pass a piece on, now or when it is due; never before one that came earlier."""
        if self._ends:
            return
        if self.transport and due is None and not self._kept:
            self.transport.write(data)
            return
        self._kept.append((due or 0.0, data))
        self._kept_bytes += len(data)
        if self._kept_bytes > MOST_KEPT and self.other:
            self.other.hold("kept")
        if self._timer is None and self.transport:
            self._wait()

    def release(self) -> None:
        """Write what is kept, due or not."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._kept and self.transport:
            self._write_next()
        self._close_if_done()

    def close(self) -> None:
        """Hang up after what is still to be written."""
        self._ends = True
        self._close_if_done()

    def sever(self) -> None:
        """Hang up with a reset, whatever was still to be written."""
        self._kept.clear()
        if self.transport is None:
            return
        sock = self.transport.get_extra_info("socket")
        with suppress(OSError, AttributeError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.transport.abort()

    def _wait(self) -> None:
        left = self._kept[0][0] - time.monotonic()
        self._timer = asyncio.get_running_loop().call_later(max(0.0, left), self._write_due)

    def _write_due(self) -> None:
        self._timer, now = None, time.monotonic() + 0.0005
        while self._kept and self._kept[0][0] <= now:
            self._write_next()
        if self._kept:
            self._wait()
        self._close_if_done()

    def _write_next(self) -> None:
        _, data = self._kept.popleft()
        self._kept_bytes -= len(data)
        if self.transport and not self.transport.is_closing():
            self.transport.write(data)
        if self._kept_bytes <= MOST_KEPT and self.other:
            self.other.free("kept")

    def _close_if_done(self) -> None:
        if self._ends and not self._kept and self.transport:
            self.transport.close()


class Pair:
    """One connection of a customer and its continuation to the target."""

    def __init__(self, cable: Cable) -> None:
        self.cable = cable
        self.near, self.far = End(self), End(self)
        self.near.other, self.far.other = self.far, self.near
        self.asked = Asked() if cable.reads_requests else None
        self._is_asking = False  # the last piece came from the customer
        self._held: list[bytes] = []  # of a request that hangs
        self._dialling: asyncio.Task[Any] | None = None

    def meets(self, end: End) -> None:
        """A customer has connected, or the target has answered."""
        if end is self.far:
            self.near.free("dialling")
            return
        self.cable.pairs.add(self)
        self.near.hold("dialling")
        self._dialling = asyncio.get_running_loop().create_task(self._dial())
        if self.cable.condition and self.cable.condition.how == HELD and self.cable.condition.share >= 1:
            self.suffer()

    async def _dial(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.far, *self.cable.target)
        except OSError:
            self.near.sever()

    def carry(self, end: End, data: bytes) -> None:
        """A piece from one end for the other."""
        if end is self.far:
            self._is_asking = False
            self._answer(data)
            return
        is_new, self._is_asking = not self._is_asking, True
        if is_new and self._draw():
            self._suffers()
        if self.near.is_held(HELD):
            self._held.append(data)
        else:
            self._pass(data)

    def suffer(self) -> None:
        """A fault begins while this connection is open."""
        condition = self.cable.condition
        if condition and condition.how in {*SEVERED, HELD} and condition.strikes(self.cable.dice):
            self._suffers()

    def release(self) -> None:
        """The fault is over."""
        held, self._held = self._held, []
        for data in held:
            self._pass(data)
        for end in (self.near, self.far):
            end.release()
            end.free(HELD)

    def lose(self, end: End, *, broken: bool) -> None:
        """One end is gone; what the target has said before may still be on its way to the customer."""
        if end is self.near:
            self.cable.pairs.discard(self)
        if self._dialling:
            self._dialling.cancel()
        other = self.far if end is self.near else self.near
        if broken:
            other.sever()
        else:
            other.close()

    def _draw(self) -> bool:
        """Whether a fault of connections meets the request that begins."""
        condition = self.cable.condition
        return bool(condition and condition.how in {*SEVERED, HELD} and condition.strikes(self.cable.dice))

    def _suffers(self) -> None:
        self.cable.met += 1
        for end in (self.near, self.far):
            if self.cable.condition and self.cable.condition.how == HELD:
                end.hold(HELD)
            else:
                end.sever()

    def _answer(self, data: bytes) -> None:
        delays = self.cable.delays
        if delays is None:
            self.near.write(data)
            return
        self.cable.met += 1
        self.near.write(data, delays.due(time.monotonic(), len(data)))

    def _pass(self, data: bytes) -> None:
        """A piece of a request goes on to the target, or is answered in its place."""
        heard = self.asked.hear(data, self._fails) if self.asked else Heard(data)
        if heard.on:
            self.far.write(heard.on)
        if heard.back:
            self._is_asking = False
            self.near.write(heard.back)

    def _fails(self, path: str) -> int:
        """The status with which a request to a path is answered here; 0: the target is to answer."""
        condition = self.cable.condition
        if not (condition and condition.how == "errors" and condition.meets(path)):
            return 0
        if not condition.strikes(self.cable.dice):
            return 0
        self.cable.met += 1
        return condition.status

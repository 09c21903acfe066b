"""A triage worker: a process that holds contacts for as long as the bot takes, then says that it has replied.

Run as a plain script (``python -I -S worker.py NUMBER OPENS SOCKET LIFE``), so that it is up in some 20 ms: it imports
nothing but the standard library. It connects at once, opens its door at the monotonic instant ``OPENS``, waits by
absolute deadlines, connects again if the desk's web worker is replaced, and ends when the life pipe does.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import select
import socket
import sys
import time


class TriageWorker:
    """The contacts that are held, by deadline, and the line to the desk."""

    def __init__(self, number: int, opens: float, path: str, life: int) -> None:
        self._number = number
        self._opens = opens
        self._path = path
        self._life = life
        self._open = False
        self._deadlines: list[tuple[float, int]] = []
        self._held: set[int] = set()
        self._rest = b""

    def run(self) -> None:
        """Work until the life pipe or the desk says that it is over."""
        while (desk := self._connect()) is not None:
            with desk, contextlib.suppress(OSError):
                self._say(desk, hello=self._number, open=self._open, held=sorted(self._held))
                while self._turn(desk):
                    pass

    def _connect(self) -> socket.socket | None:
        self._rest = b""
        while not select.select([self._life], [], [], 0)[0]:
            desk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                desk.connect(self._path)
            except OSError:
                desk.close()
                time.sleep(0.02)
            else:
                return desk
        return None

    def _turn(self, desk: socket.socket) -> bool:
        """Wait for what is next, do it, and say whether the connection still stands."""
        watched = [desk.fileno(), self._life]
        readable = select.select(watched, [], [], self._idle_s())[0]
        if self._life in readable:
            sys.exit(0)
        if desk.fileno() in readable and not self._listen(desk):
            return False
        self._act(desk)
        return True

    def _idle_s(self) -> float | None:
        due = [self._deadlines[0][0]] if self._deadlines else []
        due += [] if self._open else [self._opens]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _listen(self, desk: socket.socket) -> bool:
        data = desk.recv(65536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in map(json.loads, lines):
            if "hold" in line:
                self._held.add(line["hold"])
                heapq.heappush(self._deadlines, (line["until"], line["hold"]))
            elif "drop" in line:
                self._held.discard(line["drop"])
        return bool(data)

    def _act(self, desk: socket.socket) -> None:
        now = time.monotonic()
        if not self._open and now >= self._opens:
            self._open = True
            self._say(desk, ready=self._number)
        while self._deadlines and self._deadlines[0][0] <= now:
            contact = self._deadlines[0][1]
            if contact in self._held:
                self._say(desk, reply=contact)
                self._held.discard(contact)
            heapq.heappop(self._deadlines)

    def _say(self, desk: socket.socket, **message: object) -> None:
        desk.sendall(json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    TriageWorker(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], int(sys.argv[4])).run()

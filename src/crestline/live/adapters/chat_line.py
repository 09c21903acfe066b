"""One customer's WebSocket to the reference desk: frames there and back, and events as they come.

The same code serves greenlets of a live run and plain threads of a check: it blocks, and waits on conditions.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Condition, Lock
from typing import Any
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto import events as frames
from wsproto.utilities import ProtocolError

from crestline.live.adapters import Event, Refused, Unanswered
from crestline.live.adapters.desk import heard
from crestline.live.transport import CONNECT_S, Transport
from crestline.scenario.mark import TRACE

PATH = "/chat"
ACCEPTED = 101  # Switching Protocols
ANSWER_S = 60.0  # real seconds that an answer may take
PING_S = 20.0  # real seconds of silence after which the desk is asked whether it is there; as many more, and it is not
AT_ONCE = 65_536  # bytes that are read at once
BROKEN = (OSError, ValueError, HTTPException, ProtocolError)


class Line:
    """One socket. Several may use it at once: whoever waits for something reads for all of them."""

    def __init__(self, way: Transport, trace: str) -> None:
        self.conversation = ""
        self.lost = ""  # why nothing can come any more
        self._way, self._events, self._text = way, list[Event](), ""
        self._answers: dict[int, dict[str, Any]] = {}
        self._asked, self._status, self._is_pinged, self._is_read = 0, 0, False, False
        self._news, self._writing, self._frames = Condition(), Lock(), WSConnection(ConnectionType.CLIENT)
        self._act(self._connect)
        self._act(lambda: self._write(_request(way, trace)))
        if not self._wait(lambda: self._status > 0, ANSWER_S):
            raise self._silent()
        if self._status != ACCEPTED:
            raise Refused(f"GET {PATH}", self._status, "no WebSocket")

    def ask(self, do: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send a frame; its answer. ``Refused`` where that is no success."""
        self._asked += 1
        number = self._asked
        text = json.dumps({"n": number, "do": do, **body})
        self._act(lambda: self._write(frames.TextMessage(text)))
        if not self._wait(lambda: number in self._answers, ANSWER_S):
            raise self._silent()
        told = self._answers.pop(number)
        if told["status"] >= 300:
            raise Refused(f"chat {do}", told["status"], self._way.hide(str(told.get("error", ""))))
        return told

    def follow(self, conversation: str, after: int) -> None:
        """Go on with a conversation behind event number ``after``."""
        self.conversation = conversation
        self._take(self.ask("follow", {"conversation": int(conversation), "after": after}))

    def events_after(self, after: int, wait: float) -> tuple[Event, ...]:
        """Events behind number ``after``, as soon as there are some; none after ``wait`` real seconds."""
        self._wait(lambda: any(event.n > after for event in self._events), wait)
        return tuple(event for event in self._events if event.n > after)

    def close(self) -> None:
        """Hang up."""
        if not self.lost:
            with suppress(*BROKEN):
                self._write(frames.CloseConnection(code=1000))
        self._lose("hung up")

    def __del__(self) -> None:
        """Nobody is there to hear of it any more."""
        if hasattr(self, "_socket"):
            self._socket.close()

    def _connect(self) -> None:
        self._socket = connect(self._way)

    def _wait(self, until: Callable[[], bool], wait: float) -> bool:
        """Read until something is so; False if it is not after ``wait`` real seconds."""
        last = time.monotonic() + wait
        with self._news:
            while not until():
                left = last - time.monotonic()
                if left <= 0:
                    return False
                if self.lost:
                    raise Unanswered(self.lost)
                if self._is_read:
                    self._news.wait(left)
                else:
                    self._read_for_all(left)
        return True

    def _read_for_all(self, left: float) -> None:
        """Read what comes next; the others wait for it meanwhile."""
        self._is_read = True
        self._news.release()
        try:
            self._act(lambda: self._read(left))
        finally:
            self._news.acquire()
            self._is_read = False
            self._news.notify_all()

    def _read(self, left: float) -> None:
        self._socket.settimeout(min(left, PING_S))
        try:
            data = self._socket.recv(AT_ONCE)
        except TimeoutError:
            if left >= PING_S and self._status:
                self._ask_if_there()
            return
        self._is_pinged = False
        self._frames.receive_data(data or None)
        for frame in self._frames.events():
            self._hear(frame)

    def _hear(self, frame: frames.Event) -> None:
        match frame:
            case frames.AcceptConnection():
                self._status = ACCEPTED
            case frames.RejectConnection():
                self._status = frame.status_code
            case frames.Ping():
                self._write(frame.response())
            case frames.CloseConnection():
                self._lose(f"chat: {self._way.host} hung up")
            case frames.TextMessage():
                self._text += frame.data
                if frame.message_finished:
                    text, self._text = self._text, ""
                    self._understand(json.loads(text))

    def _understand(self, told: dict[str, Any]) -> None:
        if "re" in told:
            self._answers[told["re"]] = told
        else:
            self._take(told)

    def _take(self, told: Mapping[str, Any]) -> None:
        known = self._events[-1].n if self._events else 0
        self._events += [event for event in heard(told["events"]) if event.n > known]

    def _ask_if_there(self) -> None:
        if self._is_pinged:
            raise self._silent(2 * PING_S)
        self._is_pinged = True
        self._write(frames.Ping())

    def _write(self, frame: frames.Event) -> None:
        with self._writing:
            self._socket.sendall(self._frames.send(frame))

    def _act(self, act: Callable[[], object]) -> None:
        """Do something with the socket; what goes wrong is the end of it."""
        try:
            act()
        except BROKEN as error:
            self._lose(self._way.hide(f"chat: no answer from {self._way.host} ({error!r})"))
            raise Unanswered(self.lost) from None

    def _silent(self, seconds: float = ANSWER_S) -> Unanswered:
        self._lose(f"chat: no answer from {self._way.host} within {seconds:g} s")
        return Unanswered(self.lost)

    def _lose(self, why: str) -> None:
        self.lost = self.lost or why
        self.__del__()


def connect(way: Transport) -> socket.socket:
    """A connection to the desk, with the TLS and through the proxy of every request."""
    parts = urlsplit(way.host)
    name, port = parts.hostname or "", parts.port or (443 if way.tls else 80)
    host = (way.proxy.host, way.proxy.port) if way.proxy else (name, port)
    made = (
        HTTPSConnection(*host, timeout=CONNECT_S, context=way.tls)
        if way.tls
        else HTTPConnection(*host, timeout=CONNECT_S)
    )
    way.lead(made)
    if way.proxy:
        made.set_tunnel(name, port, way.proxy.header())
    made.connect()
    return made.sock


def _request(way: Transport, trace: str) -> frames.Request:
    """The handshake, with the headers of every request."""
    parts = urlsplit(way.host)
    headers = {**way.headers, **({TRACE: trace} if trace else {})}
    carried = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    return frames.Request(host=parts.netloc, target=f"{parts.path}{PATH}", extra_headers=carried)

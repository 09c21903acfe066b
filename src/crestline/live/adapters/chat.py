"""The reference desk with customers who chat over a WebSocket; its agents are spoken for over HTTP as ever."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from crestline.errors import TargetError
from crestline.live.adapters import ABANDONED, REJECTED, Event, Http, Opened, Opening, Refused
from crestline.live.adapters.chat_line import Line
from crestline.live.adapters.desk import DeskAdapter, first_message, opened


class ChatAdapter(DeskAdapter):
    """A customer has one socket, for one conversation at a time; it is made anew when it was lost.

    What is asked on it stands in the statistics as ``chat open``, ``chat say`` and so on. What the desk tells by itself
    is nobody's request.
    """

    def __init__(self, http: Http) -> None:
        super().__init__(http)
        self._line: Line | None = None
        self._trace = ""
        self._dialling = Lock()

    def open(self, contact: Opening) -> Opened:
        """Connect, with the mark and the trace of the contact, and say the first words."""
        self._trace = contact.trace
        with self._recorded("open"):
            line = self._dial()
            made = opened(line.ask("open", first_message(contact)))
            line.conversation = made.id
        self._hear_out(made.events)
        return made

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        """Events as they were pushed."""
        events = self._line_to(conversation, after).events_after(after, wait)
        self._hear_out(events)
        return events

    def send(self, conversation: str, text: str) -> None:
        """A message of the customer."""
        self._say(conversation, "say", {"text": text})

    def abandon(self, conversation: str) -> bool:
        """Leave; 409 says that an agent was faster."""
        try:
            self._say(conversation, "abandon", {}, fine=(409,))
        except Refused as refused:
            if refused.status != 409:
                raise
            return False
        return True

    def rate(self, conversation: str, stars: int) -> None:
        """Stars of the customer, who hangs up after them."""
        self._say(conversation, "rate", {"stars": stars})
        self._hang_up()

    def _say(self, conversation: str, do: str, body: Mapping[str, Any], fine: tuple[int, ...] = ()) -> None:
        with self._recorded(do, fine):
            self._line_to(conversation, 0).ask(do, body)

    def _line_to(self, conversation: str, after: int) -> Line:
        """The socket of the conversation; one that follows it from event ``after`` on, if there is none any more."""
        with self._dialling:
            line = self._line
            if line is None or line.lost or line.conversation != conversation:
                with self._recorded("follow"):
                    line = self._dial()
                    line.follow(conversation, after)
            return line

    def _dial(self) -> Line:
        self._hang_up()
        self._line = Line(self.http.way, self._trace)
        return self._line

    def _hear_out(self, events: tuple[Event, ...]) -> None:
        """Who has left or was turned away does not rate."""
        if any(event.kind in (ABANDONED, REJECTED) for event in events):
            self._hang_up()

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line:
            line.close()

    @contextmanager
    def _recorded(self, do: str, fine: tuple[int, ...] = ()) -> Iterator[None]:
        """Tell the statistics of what is asked in the block."""
        name, began = f"chat {do}", time.monotonic()
        try:
            yield
        except TargetError as error:
            is_fine = isinstance(error, Refused) and error.status in fine
            self.http.record(name, time.monotonic() - began, None if is_fine else error)
            raise
        self.http.record(name, time.monotonic() - began)

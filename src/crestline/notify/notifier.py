"""Messages on their way: each channel has a thread of its own, so that none holds up the run or another.

A channel that would forget an alert is told again for as long as it is in force.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple

from crestline.notify.message import IN_FORCE, OVER, Channel, Failed, Message

NOTIFICATIONS = "notifications.jsonl"
LAST_S = 10.0  # real seconds that messages have to get through once the run has ended
LATE = "not accepted by the end of the run"


class _Held(NamedTuple):
    """An alert that is in force, for a channel that has to hear of it again."""

    message: Message
    error: str  # of the last time
    due_s: float  # by the monotonic clock


class Notifier:
    """Sends messages to every channel, and writes down what became of each; nothing that fails is raised."""

    def __init__(self, channels: Sequence[Channel], folder: Path) -> None:
        self._path, self._lock, self._is_closed = folder / NOTIFICATIONS, Lock(), False
        self._waiting: dict[Channel, SimpleQueue[Message | None]] = {channel: SimpleQueue() for channel in channels}
        self._open: list[tuple[Channel, Message]] = []  # nothing is known of them yet
        self._threads = [Thread(target=self._tell, args=(channel,), daemon=True) for channel in channels]
        for thread in self._threads:
            thread.start()

    def send(self, message: Message) -> None:
        """Have it sent; returns at once."""
        for channel, waiting in self._waiting.items():
            with self._lock:
                self._open.append((channel, message))
            waiting.put(message)

    def close(self, last_s: float = LAST_S) -> None:
        """Wait a while for what is under way, and write down what has not got through."""
        for waiting in self._waiting.values():
            waiting.put(None)
        last = time.monotonic() + last_s
        for thread in self._threads:
            thread.join(max(0.0, last - time.monotonic()))
        with self._lock:
            self._is_closed = True
            for channel, message in self._open:
                self._write(channel, message, LATE)

    def _tell(self, channel: Channel) -> None:
        held: dict[int, _Held] = {}  # by level
        while message := _next(self._waiting[channel], held):
            error = _send(channel, message)
            with self._lock:
                if self._is_closed:
                    return
                if message.state != IN_FORCE:
                    self._open.remove((channel, message))
                    self._write(channel, message, error)
                elif error != held[message.level].error:
                    self._write(channel, message, error)
            held.pop(message.level, None)
            if channel.renew_s is not None and message.state != OVER:
                held[message.level] = _Held(message, error, time.monotonic() + channel.renew_s)

    def _write(self, channel: Channel, message: Message, error: str) -> None:
        told = {
            "to": channel.name,
            "level": message.level,
            "state": message.state,
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "ok": not error,
            "error": error,
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")


def _next(waiting: SimpleQueue[Message | None], held: dict[int, _Held]) -> Message | None:
    """What is to be sent next: what waits, and while nothing does what is due again; None as the run has ended."""
    if not held:
        return waiting.get()
    first = min(held.values(), key=lambda each: each.due_s)
    try:
        return waiting.get(timeout=max(0.0, first.due_s - time.monotonic()))
    except Empty:
        return first.message._replace(state=IN_FORCE, at=datetime.now(UTC))


def _send(channel: Channel, message: Message) -> str:
    """Why it did not get through; empty where it did."""
    try:
        channel.send(message)
    except Failed as failed:
        return str(failed)
    except Exception as unknown:  # noqa: BLE001 - somebody else's code; its words may hold the address
        return f"it failed ({unknown.__class__.__name__})"
    return ""


def sent_from(folder: Path) -> list[dict[str, Any]]:
    """What became of every message of a run, by its folder."""
    path = folder / NOTIFICATIONS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def what_got_through(sent: Sequence[Mapping[str, Any]]) -> list[str]:
    """A line for every channel: how many messages it accepted, and why not the others."""
    lines = []
    for name in sorted({line["to"] for line in sent}, key=_place):
        own = [line for line in sent if line["to"] == name]
        accepted = sum(line["ok"] for line in own)
        why = "".join(f"; {error}" for error in dict.fromkeys(line["error"] for line in own if not line["ok"]))
        lines.append(f"{name}: {accepted} of {len(own)} messages accepted{why}")
    return lines


def _place(name: str) -> str:
    return name.partition("(")[2]

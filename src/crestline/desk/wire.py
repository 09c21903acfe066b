"""How the desk's processes talk: JSON objects, one a line, over sockets of this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

Message = dict[str, Any]


class Peer(asyncio.Protocol):
    """The other end of a socket: ``heard(peer, message)`` for every line, ``lost(peer)`` once."""

    def __init__(self, heard: Callable[[Peer, Message], None], lost: Callable[[Peer], None]) -> None:
        self._heard = heard
        self._lost = lost
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hear every whole line."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._heard(self, json.loads(line))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """The other end is gone."""
        self._lost(self)

    def send(self, **message: Any) -> None:
        """Say one thing; unheard if the other end is gone."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

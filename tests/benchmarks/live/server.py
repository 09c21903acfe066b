"""The target: answers every request at once with the same few bytes, and counts them. A process of its own."""

from __future__ import annotations

import asyncio
import re
from typing import cast

import uvloop

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
COUNT = b"GET /count "  # asked by whoever measures; not counted


def answer(body: bytes) -> bytes:
    """A whole answer."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


ALWAYS = answer(b'{"ok": true}')


class Answering(asyncio.Protocol):
    """One connection, kept alive; requests may come in pieces or several at once."""

    answered = 0  # on all connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self.transport, self.rest = cast("asyncio.Transport", transport), b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self.rest += data
        while (end := self._end_of_first()) is not None:
            asked, self.rest = self.rest[:end], self.rest[end:]
            self.transport.write(self._reply(asked))

    def _end_of_first(self) -> int | None:
        head = self.rest.find(b"\r\n\r\n")
        if head < 0:
            return None
        told = LENGTH.search(self.rest, 0, head)
        end = head + 4 + (int(told[1]) if told else 0)
        return end if end <= len(self.rest) else None

    def _reply(self, asked: bytes) -> bytes:
        if asked.startswith(COUNT):
            return answer(b"%d" % Answering.answered)
        Answering.answered += 1
        return ALWAYS


async def serve() -> None:
    """Listen on a free port, say which, and answer for ever."""
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", 0, backlog=8192)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())

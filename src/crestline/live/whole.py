"""Answers that came in one piece, as most do: read here at a fraction of what a parser of streams costs."""

from __future__ import annotations

from geventhttpclient.header import Headers

FIRST = 200  # statuses before it announce another answer
BODILESS = (204, 304)
KEPT = (None, "keep-alive", "Keep-Alive")


class Whole:
    """What Locust's responses need of an answer."""

    __slots__ = ("_body", "_headers_index", "_status")

    def __init__(self, status: int, headers: Headers, body: bytes) -> None:
        self._status, self._headers_index, self._body = status, headers, body

    def get_code(self) -> int:
        """The status."""
        return self._status

    def read(self, length: int | None = None) -> bytes:
        """The body, or what is left of it, as it came."""
        cut = len(self._body) if length is None else length
        read, self._body = self._body[:cut], self._body[cut:]
        return read

    def release(self) -> None:
        """The connection is free already."""


def whole(data: bytes) -> Whole | None:
    """The answer that these bytes are, if they are one and nothing more, after which the connection stays open.

    None where that takes a closer look: another version, chunks, a word on the connection, more or less than announced.
    """
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:  # a head that has not arrived in full
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    code = rest[:3]
    if version != "HTTP/1.1" or not code.isdecimal() or int(code) < FIRST or int(code) in BODILESS:
        return None
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            return None
        headers.add(name, value.strip(" \t"))
    is_kept = headers.get("connection") in KEPT and "transfer-encoding" not in headers
    return Whole(int(code), headers, body) if is_kept and headers.get("content-length") == str(len(body)) else None

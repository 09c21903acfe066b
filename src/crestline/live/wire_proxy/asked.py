"""Requests in what a customer sends, so that one of them can be answered in the target's place."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import httptools

MARK = "X-Crestline-Fault"  # a header of answers that are not the target's
BODY = json.dumps({"error": "a fault of the wire: the target has not been asked"}).encode()


class Heard(NamedTuple):
    """What becomes of a piece: what goes ``on`` to the target, and what is answered in its place."""

    on: bytes = b""
    back: bytes = b""


class Asked:
    """What one connection has asked so far. Requests come one after the other: the next after the last's answer."""

    def __init__(self) -> None:
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._is_whole = True
        self._url = self._kept = b""  # what is kept is of a first line that has not come whole
        self._status: int | None = None  # with which the request fails, 0 for not; None: where it goes is not known yet

    def hear(self, data: bytes, fails: Callable[[str], int]) -> Heard:
        """What becomes of a piece; nothing, as yet, in the midst of a request that fails, or of its first line.

        ``fails`` says with which status a request to a path fails. What is no HTTP any more (a WebSocket) is passed on.
        """
        if self._parser is None:
            return Heard(data)
        if self._is_whole:
            self._is_whole, self._url, self._status = False, b"", None
        whole, self._kept = self._kept + data, b""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._parser = None
        except httptools.HttpParserError:
            self._parser = None
            return Heard(whole)
        if self._status is None and b"\n" not in whole.lstrip():
            self._kept = whole
            return Heard()
        if self._status is None:
            self._status = fails(urlsplit(self._url.decode("latin-1")).path)
        if not self._status:
            return Heard(whole)
        return Heard(back=answer(self._status) if self._is_whole or self._parser is None else b"")

    def on_url(self, url: bytes) -> None:
        """The parser has seen where the request goes, or a part of it."""
        self._url += url

    def on_message_complete(self) -> None:
        """The parser has seen the end of the request."""
        self._is_whole = True


def answer(status: int) -> bytes:
    """An answer of that status, whose connection stays open."""
    known = status in HTTPStatus.__members__.values()
    phrase = HTTPStatus(status).phrase if known else "Fault"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\n{MARK}: wire\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(BODY)}\r\n\r\n"
    )
    return head.encode() + BODY

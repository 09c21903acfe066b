"""Requests in what a customer sends, so that one of them can be answered in the target's place."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import httptools

MARK = "X-Crestline-Fault"  # a header of answers that are not the target's
BODY = json.dumps({"error": "a fault of the wire: the target has not been asked"}).encode()


class Asked:
    """What one connection has asked so far. Requests come one after the other: the next after the last's answer."""

    def __init__(self) -> None:
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._path, self._is_whole, self._status = "", True, 0

    def hear(self, data: bytes, fails: Callable[[str], int]) -> bytes | None:
        """None where a piece is to be passed on; else what to answer, which is empty in the midst of a request.

        ``fails`` says with which status a request to a path fails. What is no HTTP any more (a WebSocket) is passed on.
        """
        if self._parser is None:
            return None
        is_new, self._is_whole = self._is_whole, False
        if is_new:
            self._path = ""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._parser = None
        except httptools.HttpParserError:
            self._parser = None
            return None
        if is_new:
            self._status = fails(self._path)
        if not self._status:
            return None
        return answer(self._status) if self._is_whole or self._parser is None else b""

    def on_url(self, url: bytes) -> None:
        """The parser has seen where the request goes."""
        self._path = urlsplit(url.decode("latin-1")).path

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

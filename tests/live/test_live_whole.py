"""Answers in one piece are read as the parser of streams reads them; everything else is left to it."""

from __future__ import annotations

import pytest
from geventhttpclient.response import HTTPResponse
from hypothesis import given
from hypothesis import strategies as st

from crestline.live.whole import whole

NAMES = st.text("abcXYZ-09", min_size=1, max_size=9).filter(lambda name: name[0].isalpha())
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=9)
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@given(
    st.sampled_from([200, 201, 307, 404, 503]), st.lists(st.tuples(NAMES, VALUES), max_size=4), st.binary(max_size=9)
)
def test_what_is_read_is_what_the_parser_reads(status: int, more: list[tuple[str, str]], body: bytes) -> None:
    """Status, headers and body of any answer with a length."""
    fields = [*((f"X-{name}", value) for name, value in more), ("Content-Length", str(len(body)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    data = f"HTTP/1.1 {status} So\r\n{head}\r\n".encode() + body
    parsed = HTTPResponse()
    parsed.feed(data)
    answer = whole(data)
    assert answer is not None
    assert (answer.get_code(), answer._headers_index) == (parsed.get_code(), parsed.info())
    assert answer.read(1) + answer.read() == bytes(parsed._body_buffer) == body
    assert parsed.message_complete
    assert not parsed.should_close()


def test_an_answer_that_says_it_keeps_the_connection_is_read() -> None:
    """As nginx says with every one."""
    assert whole(PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: keep-alive\r\n\r\n")) is not None


@pytest.mark.parametrize(
    "data",
    [
        PLAIN[:-1],  # not yet all of it
        PLAIN + b"H",  # more than announced
        PLAIN[:20],
        b"",
        PLAIN.replace(b"1.1", b"1.0"),
        PLAIN.replace(b"200", b"100"),
        PLAIN.replace(b"200", b"2x0"),
        PLAIN.replace(b"{}", b"").replace(b": 2", b": 0").replace(b"200 OK", b"204 No Content"),
        PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        PLAIN.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"),
        PLAIN.replace(b"\r\n\r\n", b"\r\nContent-Length: 2\r\n\r\n"),  # twice: a broken answer
        PLAIN.replace(b"\r\n\r\n", b"\r\n folded\r\n\r\n"),
        b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n{}",  # until the connection ends
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_what_takes_a_closer_look_is_left_to_the_parser(data: bytes) -> None:
    assert whole(data) is None


def test_an_answer_is_whole_with_its_last_byte_and_not_before() -> None:
    """Wherever it is cut: a head without its end may have more to say, a length of 0 or none."""
    for data in (PLAIN, b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\r\n\r\n"):
        assert [cut for cut in range(len(data) + 1) if whole(data[:cut])] == [len(data)]

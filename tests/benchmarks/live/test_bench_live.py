"""The tables of ``make bench-live``: what they say of given figures; and the server that they are measured against."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.benchmarks.table import put_between_marks

from .clients import Told, dispersion
from .measure import Seen, serve, standstill_p99_ms
from .table import BARE, BEGIN, END, SINGLE, load_table, standstill_table

README = Path(__file__).parents[3] / "README.md"
ASKED = b"GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"


def test_ratios_are_taken_within_a_round() -> None:
    """The median of the ratios counts, not the ratio of the medians; what a client does not say is left empty."""
    played = {
        BARE: [Seen(9000, cpu_us, 0.0, Told(p99_ms=8.0)) for cpu_us in (100, 100, 200)],
        SINGLE: [Seen(4000, cpu_us, 0.0, Told(0.9999, 1.5, 2.0, 1.0)) for cpu_us in (120, 150, 220)],
    }
    assert load_table(played, 50_000.0)[2:] == [
        "| wrk, in C | 50,000 | | | | |",
        f"| {BARE} | 9,000 |  |  | 100 µs | 1.00 × |",
        f"| {SINGLE} | 4,000 | 99.99 % | 1.5 ms | 150 µs | 1.20 × |",
    ]


def test_a_standstill_is_held_against_theory() -> None:
    """Two seconds of twenty: the p99 is 1.8 s, since a tenth of those who waited at all are a hundredth of all."""
    assert standstill_p99_ms(20.0, 2.0) == 1800.0
    assert standstill_table({"one": Told(p99_ms=9.0)}, 1800.0)[2:] == [
        "| theory | 1,800 ms | |",
        "| one | 9 ms | 0.5 % |",
    ]


def test_dispersion_is_that_of_whole_buckets() -> None:
    """A request in each bucket is as even as can be; the last bucket may not be over, and is left out."""
    assert dispersion([0.05, 0.15, 0.25, 0.31, 0.32]) == 0.0
    assert dispersion([0.01, 0.02, 0.25, 0.31]) == 2 / 3


def test_the_server_answers_each_request_once() -> None:
    """Several at once and in pieces; whoever asks for the count is not counted."""
    with serve() as server:
        host, port = server.host.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            for piece in (ASKED[:-2], ASKED[-2:]):
                line.sendall(piece)
            heard = b""
            while heard.count(b"true") < 2:
                heard += line.recv(4096)
        assert server.answered() == 2


def test_the_readme_has_a_place_for_the_tables() -> None:
    """One place."""
    assert put_between_marks(README.read_text(encoding="utf-8"), ["new"], BEGIN, END).count("new") >= 1

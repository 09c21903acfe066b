"""A target that stands still for a while: who was planned meanwhile has waited, and is counted so."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.live.clients import crestline, throughput
from tests.benchmarks.live.measure import play_standstill, serve, standstill_p99_ms

SECONDS, STOP_S, PER_S, USERS = 6.0, 1.0, 240.0, 4


def test_a_standstill_is_seen_in_full_where_closed_loops_hardly_notice(tmp_path: Path) -> None:
    """One second of six: nearly everyone of a sixth has waited. Four users, who wait for answers, send four of them."""
    with serve() as server:
        clients = [
            crestline(server.host, "SingleRequest", PER_S, SECONDS, tmp_path / "run"),
            throughput(server.host, PER_S, USERS, SECONDS),
        ]
        ours, stock = play_standstill(server, clients, SECONDS, STOP_S)
    theory_ms = standstill_p99_ms(SECONDS, STOP_S)
    assert ours.sent_share == 1.0
    assert 0.9 * theory_ms < ours.p99_ms < 1.1 * theory_ms
    assert stock.p99_ms < ours.p99_ms / 10

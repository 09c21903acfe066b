"""What a drill looks like while it runs."""

from __future__ import annotations

import io

from rich.console import Console

from crestline.cli.live_view import LiveView, sparkline
from crestline.cli.progress import Talk
from crestline.scenario import load
from crestline.verbs.live_run import Progress

NOW = Progress(
    instant_s=11.5 * 3600,
    left_real_s=40.0,
    sent=1500,
    waiting=12,
    busy=110,
    slots=114,
    frt_p90_s=25.6,
    abandonment=0.028,
    error_rate=0.0,
    resolution_rate=0.97,
    satisfaction=0.91,
    fault="",
)


def view() -> LiveView:
    console = Console(file=io.StringIO())
    return LiveView(load("monthly-drill"), Talk(console, None))


def shown(live: LiveView, now: Progress) -> list[str]:
    console = Console(file=io.StringIO(), width=100, record=True)
    console.print(live.block(now))
    return [line.rstrip() for line in console.export_text().splitlines()]


# Six indicators with value, limit where one is asked, and where they come from; above them clock, time left and load.
def test_block() -> None:
    live = view()
    live.block(NOW._replace(frt_p90_s=12.8))
    head, *rows = shown(live, NOW)
    assert head == "19:30   40 s left   1,500 contacts sent   12 waiting"
    assert [" ".join(row.split()) for row in rows] == [
        "response p90 25.6 s < 45 s ▁█",
        "errors 0 % ▁▁",
        "abandonment 2.8 % < 5 % ▁▁",
        "resolved 97 % ▁▁",
        "occupancy 96.5 % ▁▁",
        "satisfaction 91 % >= 85 % ▁▁",
    ]


# A fault is named with the time since it was first seen.
def test_fault_clock() -> None:
    live = view()
    live.block(NOW._replace(fault="triage-outage"))
    head = shown(live, NOW._replace(fault="triage-outage", instant_s=NOW.instant_s + 150))[0]
    assert head.endswith("FAULT triage-outage for 2 min 30 s")


# In a log it is one line; what is not known yet is left out.
def test_line() -> None:
    early = NOW._replace(frt_p90_s=None, abandonment=None, fault="triage-outage")
    assert view().line(NOW) == (
        "19:30  1,500 contacts sent  12 waiting  110 of 114 slots busy  response p90 25.6 s  abandonment 2.8 %"
    )
    assert view().line(early) == ("19:30  1,500 contacts sent  12 waiting  110 of 114 slots busy  FAULT triage-outage")


# From the lowest to the highest; a value that does not move stays at the bottom.
def test_sparkline() -> None:
    assert sparkline([1.0, 8.0, 4.5]) == "▁█▅"
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""


# An alert stands below the indicators for as long as it is raised, and ends the line for logs.
def test_alerts() -> None:
    raised = NOW._replace(alerts=("[DRILL] alert level 1: 34 % of answers over 30 s, limit 10 %",))
    assert shown(view(), raised)[-1] == "  [DRILL] alert level 1: 34 % of answers over 30 s, limit 10 %"
    assert view().line(raised).endswith("[DRILL] alert level 1: 34 % of answers over 30 s, limit 10 %")

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crestline.report import terminal

DRILL = """\
MONTHLY DRILL  monthly-drill at 200 % of peak   seed 20261122   against the reference desk
VERDICT   MISSED   FAIL: 1 of 3 objectives missed, everything else held   exit code 1

  OBJECTIVE     limit     measured    [95 %]       forecast    same rows   a day [5..95 %]
✗ agent_frt p90 < 2 min   2 min 31 s  [2:24, 2:38] 2 min 27 s  2 min 20 s  [1:31..3:40]    MISSED
✓ abandonment   < 5 %     4.1 %       [3.4, 4.9]   4 %         4.3 %       [2.1..7]        met
✓ recovery      <= 15 min 9 min 20 s  ± 30 s       9 min 50 s  10 min      [4:00..19:00]   met

FAULT     triage-outage at 20:30: detected after 1 min 10 s, bot back after 7 min 5 s, queues back
          after 9 min 20 s
LOAD      2,412 contacts planned, 2,412 sent (100 %), 0 dropped, lateness p99 0.1 s, overhead 0.3 s
LOST      nothing: 2,412 accepted, 0 lost, 0 doubled, 0 orphaned
WHY       20:30-20:52 refund queue: 118 erlang offered, 96 slots on duty
NEXT      6 more general agents would hold agent_frt p90 (forecast 1 min 48 s [1:39, 1:57], limit 2
          min)
TRY       crestline drill monthly-drill --seed 20261122 --set agents.general.on_duty=53
FILES     runs/a/report/index.html   junit.xml   summary.md
AGAIN     crestline drill monthly-drill --seed 20261122
"""

QUIET = """\
VERDICT   MISSED   FAIL: 1 of 3 objectives missed, everything else held   exit code 1

  OBJECTIVE     limit   measured   [95 %]       forecast   same rows  a day [5..95 %]
✗ agent_frt p90 < 2 min 2 min 31 s [2:24, 2:38] 2 min 27 s 2 min 20 s [1:31..3:40]    MISSED

LOAD      2,412 contacts planned, 2,412 sent (100 %), 0 dropped, lateness p99 0.1 s, overhead 0.3 s
FILES     runs/a/report/index.html   junit.xml   summary.md
AGAIN     crestline drill monthly-drill --seed 20261122
"""

FORECAST = """\
FORECAST  monthly-drill at 200 % of its demand   40 days simulated   seed 20261122
VERDICT   MISSED   FAIL: 1 of 3 objectives missed, everything else held   exit code 1

  OBJECTIVE     limit     a day on average [95 %]  1 day in 20 is worse days that hold it
✗ agent_frt p90 < 2 min   2 min 27 s [2:20, 2:35]  3 min 40 s                  8 %               MISSED
✓ abandonment   < 5 %     4 % [3.7, 4.1]           7 %                         83 %              met
✓ recovery      <= 15 min 9 min 50 s [9:20, 10:20] 19 min                      90 %              met
"""


def shown(run: dict[str, Any], *, quiet: bool = False) -> str:
    """The screen as plain text, without the blanks at line ends."""
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False, emoji=False, markup=False)
    terminal.show(run, Path("runs/a"), console, quiet=quiet)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def words_of(screen: str) -> list[str]:
    """The words of a screen, however wide its columns came out."""
    return screen.split()


def test_the_end_of_a_drill_tells_everything_from_the_verdict_to_the_next_step(run: dict[str, Any]) -> None:
    assert words_of(shown(run)) == words_of(DRILL)


def test_in_ci_only_the_verdict_what_was_not_met_and_where_things_are(run: dict[str, Any]) -> None:
    assert words_of(shown(run, quiet=True)) == words_of(QUIET)


def test_in_ci_a_run_that_cannot_tell_says_why(run: dict[str, Any]) -> None:
    run |= {"verdict": "inconclusive", "exit_code": 3, "findings": ["worker 2 of 2 was lost"]}
    run["objectives"][0] |= {"result": "inconclusive", "why": "29 contacts are too few"}
    said = shown(run, quiet=True)
    assert "29 contacts are too few" in said
    assert "worker 2 of 2 was lost" in said
    assert "FAULT" not in said


def test_a_forecast_says_how_many_days_hold_each_objective(run: dict[str, Any]) -> None:
    objectives = [o | {"measured": None, "same_rows": None} for o in run["objectives"]]
    forecast = run | {"kind": "forecast", "replications": 40, "objectives": objectives}
    assert words_of(shown(forecast))[: len(words_of(FORECAST))] == words_of(FORECAST)


def test_the_screen_fits_into_100_columns_but_paths_and_commands_are_never_broken(run: dict[str, Any]) -> None:
    run["command"] = f"crestline drill monthly-drill {'--set a.b=c ' * 12}--seed 1"
    lines = shown(run).splitlines()
    assert f"AGAIN     {run['command']}" in lines
    assert max(len(line) for line in lines if not line.startswith(("TRY", "AGAIN"))) <= 100


def test_off_a_terminal_there_is_no_colour(run: dict[str, Any]) -> None:
    assert "\x1b" not in shown(run)


def test_words_carry_the_meaning_without_colour_on_a_terminal_too(
    run: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = io.StringIO()
    terminal.show(run, None, Console(file=out, width=100, force_terminal=True, highlight=False))
    assert "\x1b[3" not in out.getvalue()
    assert "MISSED" in out.getvalue()
    assert "FILES" not in out.getvalue()


def test_a_run_that_knows_next_to_nothing_is_still_shown() -> None:
    assert words_of(shown({"kind": "drill", "scenario": "bare", "verdict": None, "exit_code": 130})) == words_of(
        """BARE bare seed None against the reference desk
        VERDICT INCONCLUSIVE NO VERDICT: nothing was asked exit code 130
        FILES runs/a/report/index.html junit.xml summary.md"""
    )

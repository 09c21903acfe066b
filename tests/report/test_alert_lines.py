"""What a report says of alerts."""

from __future__ import annotations

from typing import Any

import pytest

from crestline.report.alerts import alert_lines, none_raised
from crestline.report.sentences import fault_sentence
from crestline.report.summary import summary

ROW = {"measure": "slow_answers", "level": 1, "limit": 0.1, "what": "answers over 30 s"}
DAY = 8 * 3600.0


def raised(world: str, at_s: float, value: float = 0.452, **more: Any) -> dict[str, Any]:
    return ROW | {"world": world, "start_s": at_s - 30, "at_s": at_s, "end_s": at_s + 60, "value": value} | more


def run(*rows: dict[str, Any], kind: str = "drill") -> dict[str, Any]:
    return {"kind": kind, "day_start": DAY, "alerts": list(rows)}


ON_DAYS = ROW | {"world": "forecast", "days": 0.95, "at_s": 3650.4}
CASES = {
    "a drill": (
        run(raised("live", 3600.0), raised("measured", 3600.0), raised("same_rows", 3630.0), ON_DAYS),
        "[DRILL] level 1 raised at 09:00: 45.2 % of answers over 30 s, limit 10 %; on the same rows at 09:00:30; "
        "on 95 % of forecast days, first at 09:00:50 on average",
    ),
    "raised twice, which no day of the forecast had": (
        run(raised("measured", 3600.0), raised("measured", 7200.0)),
        "[DRILL] level 1 raised at 09:00, 2 times in all: 45.2 % of answers over 30 s, limit 10 %; "
        "on no day of the forecast",
    ),
    "expected and not raised": (
        run(ON_DAYS),
        "[DRILL] level 1 not raised; on 95 % of forecast days, first at 09:00:50 on average",
    ),
    "complaints": (
        run(raised("measured", 3600.0, 1.62, level=3, limit=1.5, what="complaints")),
        "[DRILL] level 3 raised at 09:00: 1.6 x complaints, limit 1.5 x; on no day of the forecast",
    ),
    "a forecast": (
        run(ON_DAYS, kind="forecast"),
        "level 1, answers over 30 s, limit 10 %: on 95 % of forecast days, first at 09:00:50 on average",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_line_says_when_how_bad_and_whether_it_was_expected(name: str) -> None:
    """In a drill it is marked, so that nobody takes it for real."""
    told, line = CASES[name]
    assert alert_lines(told) == [line]


def test_the_summary_has_a_line_for_every_level() -> None:
    rows = [
        raised("measured", 3600.0),
        raised("measured", 3900.0, 0.8, level=2, limit=0.85, what="customers satisfied"),
    ]
    said = [line for line in summary(run(*rows)).splitlines() if line.startswith("- Alert")]
    assert said == [f"- Alert: {line}" for line in alert_lines(run(*rows))]
    assert len(said) == 2


def test_what_was_sent_is_said_for_every_channel() -> None:
    """Where it was asked for; a channel that accepted nothing is seen here."""
    sent = [{"to": "slack (--notify 1)", "ok": ok, "error": error} for ok, error in ((True, ""), (False, "late"))]
    told = run(raised("measured", 3600.0)) | {"notifications": sent}
    assert alert_lines(told)[1:] == ["sent to slack (--notify 1): 1 of 2 messages accepted; late"]


def test_where_no_agents_answered_alerts_are_not_judged() -> None:
    assert none_raised({"kind": "drill"}) == "No alert was raised."
    assert none_raised({"kind": "load"}) == "Alerts are not judged: it was a load only (--no-agents)."


def test_a_run_of_before_alerts_were_written_down_has_no_line() -> None:
    assert alert_lines({"kind": "drill"}) == []


def test_the_line_of_a_fault_says_when_the_target_itself_noticed() -> None:
    fault = {"kind": "triage-outage", "planned_s": 3600.0, "effective_s": 3600.0, "detected_by_target_s": 3665.0}
    assert fault_sentence(run(), fault) == "triage-outage at 09:00: alarm of the target itself after 1 min 5 s"

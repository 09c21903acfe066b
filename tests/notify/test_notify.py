"""Alerts that leave the machine: what is sent, what becomes of it, and that no address is written down."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crestline.errors import UsageError
from crestline.live.ledger import ALERTS
from crestline.notify import NOTIFICATIONS, Message, Notifier, channels, sent_from, what_got_through
from crestline.runs import RunFolder
from crestline.scenario import load
from crestline.verbs.bell import ringing

if TYPE_CHECKING:
    from tests.notify.conftest import Receiver

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
TEXT = "[DRILL] alert level 1: 34 % of answers over 30 s, limit 10 %; standby agents are due"
RAISED = Message("run-7", "quick", 1, "raised", TEXT, AT, AT)
OVER = RAISED._replace(state="over", at=AT + timedelta(minutes=2))
SECRET = "hunter2"


def tell(folder: Path, *addresses: str, last_s: float = 10.0) -> list[dict[str, Any]]:
    """An alert that is raised and is over, to all addresses; what became of it."""
    notifier = Notifier(channels(addresses), folder)
    notifier.send(RAISED)
    notifier.send(OVER)
    notifier.close(last_s)
    return sent_from(folder)


def test_alertmanager_hears_of_the_alert_and_of_its_end(receiver: Receiver, tmp_path: Path) -> None:
    """Two posts to version 2 of its API, with the same labels, so that it is one alert that ends."""
    sent = tell(tmp_path, f"alertmanager://{receiver.address}/prefix/")
    (path, (raised,), _), (_, (over,), _) = receiver.got
    assert path == "/prefix/api/v2/alerts"
    assert raised["labels"] == over["labels"] == {
        "alertname": "CrestlineLevel1", "level": "1", "severity": "warning", "scenario": "quick", "run": "run-7",
        "drill": "true",
    }  # fmt: skip
    assert raised["annotations"] == {"summary": TEXT}
    assert (raised["startsAt"], over["startsAt"]) == (AT.isoformat(), AT.isoformat())
    assert over["endsAt"] == (AT + timedelta(minutes=2)).isoformat() < raised["endsAt"]
    assert [(line["to"], line["level"], line["state"], line["ok"]) for line in sent] == [
        ("alertmanager (--notify 1)", 1, "raised", True),
        ("alertmanager (--notify 1)", 1, "over", True),
    ]


@pytest.mark.parametrize(("status", "error"), [(500, "answered 500"), (307, "answered 307")])
def test_what_is_refused_or_sent_elsewhere_is_written_down(
    status: int, error: str, receiver: Receiver, tmp_path: Path
) -> None:
    receiver.status = status
    assert [line["error"] for line in tell(tmp_path, f"alertmanager://{receiver.address}")] == [error, error]
    assert {path for path, *_ in receiver.got} == {"/api/v2/alerts"}


def test_a_channel_that_nobody_answers_holds_up_no_other(receiver: Receiver, tmp_path: Path) -> None:
    sent = tell(tmp_path, "alertmanager://127.0.0.1:1", f"alertmanager://{receiver.address}")
    assert {(line["to"], line["error"]) for line in sent} == {
        ("alertmanager (--notify 1)", "no answer (ConnectionRefusedError)"),
        ("alertmanager (--notify 2)", ""),
    }


def test_it_is_said_how_many_messages_got_through_and_why_not_the_others(receiver: Receiver, tmp_path: Path) -> None:
    sent = tell(tmp_path, f"alertmanager://{receiver.address}", "alertmanager://127.0.0.1:1")
    assert what_got_through(sent) == [
        "alertmanager (--notify 1): 2 of 2 messages accepted",
        "alertmanager (--notify 2): 0 of 2 messages accepted; no answer (ConnectionRefusedError)",
    ]
    assert what_got_through([]) == []


def test_the_end_of_the_run_waits_a_while_and_no_longer(receiver: Receiver, tmp_path: Path) -> None:
    receiver.takes_s = 0.3
    sent = tell(tmp_path, f"alertmanager://{receiver.address}", last_s=0.02)
    assert [line["error"] for line in sent] == ["not accepted by the end of the run"] * 2
    time.sleep(0.4)  # what comes in later changes nothing any more
    assert sent_from(tmp_path) == sent


def test_a_password_is_sent_and_written_nowhere(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", SECRET)
    tell(tmp_path, f"alertmanager://crest:${{PAGER}}@{receiver.address}", f"alertmanager://x:{SECRET}@127.0.0.1:1")
    assert receiver.got[0][2] == "Basic Y3Jlc3Q6aHVudGVyMg=="
    assert SECRET not in (tmp_path / NOTIFICATIONS).read_text("utf-8")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"//{SECRET}", "--notify 1: expected an address such as alertmanager://127.0.0.1:9093, or one that apprise"),
        (f"alertmanager://{SECRET}:none", "--notify 1: expected an address"),
        (f"alertmanager://x:{SECRET}@host:${{NOT_SET}}", "--notify 1: the variable NOT_SET is not set"),
    ],
)
def test_what_is_no_address_is_refused_and_not_shown(address: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        channels([address])
    assert str(refused.value).startswith(told)
    assert SECRET not in str(refused.value)


def test_without_apprise_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(UsageError, match=r"json \(--notify 1\): apprise is not installed; pip install 'crestline\[not"):
        channels(["json://127.0.0.1/"])


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # apprise imports it
def test_apprise_tells_the_same(receiver: Receiver, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Its own kinds of addresses; what it does not know is refused, and none of it is in a log."""
    pytest.importorskip("apprise")
    sent = tell(tmp_path, f"json://crest:{SECRET}@{receiver.address}/")
    assert [body["message"] for _, body, _ in receiver.got] == [TEXT, TEXT]
    assert receiver.got[0][1]["title"] == "[DRILL] quick: alert level 1 raised"
    assert [line["ok"] for line in sent] == [True, True]
    receiver.status = 403
    again = tell(tmp_path, f"json://crest:{SECRET}@{receiver.address}/")
    assert [line["error"] for line in again[2:]] == ["it was not accepted"] * 2
    with pytest.raises(UsageError, match="--notify 1: expected an address"):
        channels([f"nonsense://{SECRET}"])
    assert SECRET not in caplog.text + (tmp_path / NOTIFICATIONS).read_text("utf-8")


def test_alerts_are_told_as_they_are_written_down(receiver: Receiver, tmp_path: Path) -> None:
    """A line that is not whole waits for its end; the last ones are told as the run ends."""
    lines = [{"level": 1, "state": state, "at": at, "text": TEXT} for state, at in (("raised", 60.0), ("over", 90.0))]
    said: list[str] = []
    path, notifier = tmp_path / ALERTS, Notifier(channels([f"alertmanager://{receiver.address}"]), tmp_path)
    with ringing(RunFolder(tmp_path), load("quick"), notifier, said.append) as look:
        look()
        path.write_text(json.dumps(lines[0]) + "\n" + json.dumps(lines[1])[:20], "utf-8")
        look()
        assert said == [f"alert     11:00 {TEXT}"]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert said[1:] == [
        f"alert     11:30 over: {TEXT}",
        "sent      alertmanager (--notify 1): 2 of 2 messages accepted",
    ]
    assert [line["state"] for line in sent_from(tmp_path)] == ["raised", "over"]


def test_an_alert_that_nobody_ended_is_over_with_the_run(receiver: Receiver, tmp_path: Path) -> None:
    """A live run that was killed says nothing more of what it had raised; of what is over nothing is told twice."""
    lines = [{"level": level, "state": state, "at": 60.0, "text": TEXT} for level, state in
             ((1, "raised"), (2, "raised"), (1, "over"))]  # fmt: skip
    said: list[str] = []
    notifier = Notifier(channels([f"alertmanager://{receiver.address}"]), tmp_path)
    with ringing(RunFolder(tmp_path), load("quick"), notifier, said.append):
        (tmp_path / ALERTS).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    told = [(line["level"], line["state"]) for line in sent_from(tmp_path)]
    assert told == [(1, "raised"), (2, "raised"), (1, "over"), (2, "over")]


def test_nothing_is_sent_where_nobody_is_to_be_told(tmp_path: Path) -> None:
    assert tell(tmp_path) == []
    assert not (tmp_path / NOTIFICATIONS).exists()

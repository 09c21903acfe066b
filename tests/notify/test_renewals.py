"""Alerts that are in force for longer than a channel remembers them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crestline.notify import Message, Notifier, sent_from
from crestline.notify.alertmanager import Alertmanager

if TYPE_CHECKING:
    from tests.notify.conftest import Receiver

AT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
RAISED = Message("run-7", "quick", 1, "raised", "[DRILL] alert level 1", AT, AT)
OVER = RAISED._replace(state="over", at=AT + timedelta(minutes=2))


class Chat:
    """Somebody whom each message reaches once."""

    name, renew_s = "chat", None

    def __init__(self) -> None:
        self.got: list[Message] = []

    def send(self, message: Message) -> None:
        self.got.append(message)


def test_alertmanager_is_told_again_while_the_alert_is_in_force(receiver: Receiver, tmp_path: Path) -> None:
    """It would end it otherwise: the same alert, each time with a later end; a chat hears of it once."""
    pager, chat = Alertmanager("pager", urlsplit(f"alertmanager://{receiver.address}"), renew_s=0.02), Chat()
    notifier = Notifier([pager, chat], tmp_path)
    notifier.send(RAISED._replace(at=datetime.now(UTC)))
    receiver.hears(4)
    notifier.send(OVER)
    notifier.close()
    *told, last = [alert for _, (alert,), _ in receiver.got]
    assert {alert["startsAt"] for alert in told} == {AT.isoformat()}
    assert all(alert["labels"] == last["labels"] for alert in told)
    ends = [datetime.fromisoformat(alert["endsAt"]) for alert in told]
    assert ends == sorted(set(ends))
    assert last["endsAt"] == OVER.at.isoformat()
    assert [message.state for message in chat.got] == ["raised", "over"]
    assert [line["state"] for line in sent_from(tmp_path) if line["to"] == "pager"] == ["raised", "over"]


def test_each_alert_is_renewed_by_itself(receiver: Receiver, tmp_path: Path) -> None:
    """One that is over is not told again while another one is."""
    pager = Alertmanager("pager", urlsplit(f"alertmanager://{receiver.address}"), renew_s=0.02)
    notifier = Notifier([pager], tmp_path)
    notifier.send(RAISED)
    notifier.send(RAISED._replace(level=3))
    notifier.send(OVER)
    receiver.hears(8)
    notifier.close()
    told = [alert for _, (alert,), _ in receiver.got]
    is_over = [alert["endsAt"] for alert in told].index(OVER.at.isoformat())
    assert {alert["labels"]["level"] for alert in told[is_over + 1 :]} == {"3"}


def test_a_renewal_is_written_down_where_it_fares_otherwise(receiver: Receiver, tmp_path: Path) -> None:
    """Refused at first and accepted then: it has got through, and later ones add nothing."""
    receiver.status = 500
    pager = Alertmanager("pager", urlsplit(f"alertmanager://{receiver.address}"), renew_s=0.02)
    notifier = Notifier([pager], tmp_path)
    notifier.send(RAISED)
    receiver.hears(3)
    receiver.status = 200
    receiver.hears(4)
    notifier.close()
    told = [(line["state"], line["ok"], line["error"]) for line in sent_from(tmp_path)]
    assert told == [("raised", False, "answered 500"), ("in force", True, "")]


def test_an_alert_lasts_for_several_renewals(receiver: Receiver, tmp_path: Path) -> None:
    """So that one which does not get through ends nothing, and that one of a run that is no more ends soon."""
    pager = Alertmanager("pager", urlsplit(f"alertmanager://{receiver.address}"), renew_s=60.0)
    pager.send(RAISED)
    assert receiver.got[0][1][0]["endsAt"] == (AT + timedelta(minutes=4)).isoformat()

"""Alertmanager, by version 2 of its API: ``alertmanager://host:9093``, or ``alertmanagers://`` for HTTPS."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, unquote
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from crestline.notify.message import OVER, URGENT, Failed, Message

SCHEMES = {"alertmanager": "http", "alertmanagers": "https"}
PORT = 9093
TIME_OUT_S = 5.0
RENEW_S = 60.0  # an alert in force is told again after so long
LOST = 4  # renewals in a row that do not come, after which it ends by itself: the run is no more
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Alertmanager:
    """One Alertmanager; a user and a password in the address are sent as HTTP's basic authentication.

    It ends an alert of which it hears no more, and is told again every ``renew_s`` real seconds, as Prometheus does.
    """

    def __init__(self, name: str, address: SplitResult, renew_s: float = RENEW_S) -> None:
        self.name, self.renew_s = name, renew_s
        host = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname
        self._url = f"{SCHEMES[address.scheme]}://{host}:{address.port or PORT}{address.path.rstrip('/')}/api/v2/alerts"
        self._headers = {"Content-Type": "application/json"} | _authorization(address)
        own = [ProxyHandler({})] if address.hostname in LOOPBACK else []
        self._opener = build_opener(_Stay, *own)

    def send(self, message: Message) -> None:
        """Post the alert; one that is over is told with its end."""
        body = json.dumps([_alert(message, self.renew_s)]).encode()
        request = Request(self._url, data=body, headers=self._headers, method="POST")  # noqa: S310 - http or https
        try:
            with self._opener.open(request, timeout=TIME_OUT_S):
                return
        except HTTPError as error:
            error.close()
            msg = f"answered {error.code}"
        except OSError as error:
            reason = getattr(error, "reason", error)
            msg = f"no answer ({reason.__class__.__name__})"
        raise Failed(msg)


class _Stay(HTTPRedirectHandler):
    """Where it is sent elsewhere, it does not follow: an alert is for whom it was addressed to."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _alert(message: Message, renew_s: float) -> dict[str, Any]:
    ends = message.at if message.state == OVER else message.at + timedelta(seconds=LOST * renew_s)
    labels: Mapping[str, str] = {
        "alertname": f"CrestlineLevel{message.level}",
        "level": str(message.level),
        "severity": "critical" if message.level >= URGENT else "warning",
        "scenario": message.scenario,
        "run": message.run,
        "drill": "true",
    }
    return {
        "labels": labels,
        "annotations": {"summary": message.text},
        "startsAt": message.raised_at.isoformat(),
        "endsAt": ends.isoformat(),
    }


def _authorization(address: SplitResult) -> dict[str, str]:
    if address.username is None:
        return {}
    pair = f"{unquote(address.username)}:{unquote(address.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

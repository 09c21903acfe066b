"""Everything that apprise can tell: chats, mail, pagers; by its own kinds of addresses."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crestline.errors import UsageError
from crestline.notify.message import OVER, URGENT, Failed, Message

if TYPE_CHECKING:
    from apprise import Apprise

MISSING = "apprise is not installed; pip install 'crestline[notify]', or write alertmanager://HOST:9093"


class ByApprise:
    """One address of a kind that apprise knows; each message reaches people, so none is told again."""

    renew_s = None

    def __init__(self, name: str, notifier: Apprise) -> None:
        self.name, self._notifier = name, notifier

    @classmethod
    def of(cls, name: str, address: str) -> ByApprise | None:
        """The channel; None where apprise does not understand the address."""
        try:
            from apprise import Apprise
        except ImportError:
            msg = f"{name}: {MISSING}"
            raise UsageError(msg) from None
        _hush()
        notifier = Apprise()
        return cls(name, notifier) if notifier.add(address) else None

    def send(self, message: Message) -> None:
        """Tell it; apprise has time-outs of its own."""
        from apprise import NotifyType

        kind = NotifyType.SUCCESS if message.state == OVER else NotifyType.WARNING
        kind = NotifyType.FAILURE if message.state != OVER and message.level >= URGENT else kind
        title = f"[DRILL] {message.scenario}: alert level {message.level} {message.state}"
        if not self._notifier.notify(body=message.text, title=title, notify_type=kind):
            msg = "it was not accepted"
            raise Failed(msg)


def _hush() -> None:
    """What apprise writes to logs may hold addresses: nobody hears it."""
    for name in ("apprise", "urllib3", "requests"):
        log = logging.getLogger(name)
        log.propagate = False
        log.handlers = [logging.NullHandler()]

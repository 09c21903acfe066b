"""An adapter as it is spoken in a live run: whatever goes wrong in it is an error of the target, told in words.

An adapter is somebody else's code, and its target may answer with anything. An exception in a verb must neither end
the greenlet of a customer silently nor fill a log with tracebacks: it fails that contact, and its cause is told once.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from crestline.errors import TargetError
from crestline.live.adapters import Adapter, Http
from crestline.live.transport import Transport

MOST = 1000  # causes that are told apart; those of a target that names every request anew are too many
LONGEST = 200  # characters of a cause that are told
RETURNED = "what a verb returned"  # where no verb raised, but what one returned could not be worked with
log = logging.getLogger(__name__)


class Broken(TargetError):
    """A verb of an adapter raised what it must not; most often the target answered something unexpected."""

    def __init__(self, verb: str, error: Exception) -> None:
        super().__init__(f"{verb}: the adapter raised {type(error).__name__} ({brief(str(error))})")


class Trouble:
    """What has gone wrong so far, and how often; ``way`` knows what must not be told.

    ``tell`` is told of everything that an adapter raised, once.
    """

    def __init__(self, way: Transport, tell: Callable[[str], None] | None = log.error) -> None:
        self.causes: Counter[str] = Counter()
        self.raised: Counter[str] = Counter()  # those of them that an adapter raised
        self._way, self._tell = way, tell

    def note(self, error: TargetError) -> None:
        """Count a cause, which has no secrets in it from here on."""
        cause = self._way.hide(str(error))
        error.args = (cause,)
        cause = brief(cause)
        if cause in self.causes or len(self.causes) < MOST:
            self.causes[cause] += 1
        if isinstance(error, Broken) and (cause in self.raised or len(self.raised) < MOST):
            if self._tell and cause not in self.raised:
                self._tell(cause)
            self.raised[cause] += 1


def brief(text: str) -> str:
    """A text on one line, and no longer than a line should be."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def speak(kind: type[Adapter], http: Http, trouble: Trouble) -> Adapter:
    """The adapter to a target, for one customer or agent; every error of its verbs is one of the target."""
    return cast("Adapter", Spoken(kind, http, trouble))


class Spoken:
    """An adapter of ``kind`` whose verbs raise nothing but ``TargetError``; every one is noted as trouble."""

    def __init__(self, kind: type[Adapter], http: Http, trouble: Trouble) -> None:
        self.capabilities = kind.capabilities
        self._trouble = trouble
        self._adapter: Any = self.said("adapter", kind, http)

    def said(self, verb: str, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """What came of a verb."""
        try:
            return act(*args, **more)
        except TargetError as error:
            self._trouble.note(error)
            raise
        except Exception as error:  # noqa: BLE001 - somebody else's code may raise anything
            broken = Broken(verb, error)
            self._trouble.note(broken)
            raise broken from None

    def __getattr__(self, name: str) -> Any:
        """A verb of the adapter."""
        act = getattr(self._adapter, name)
        return lambda *args, **more: self.said(name, act, *args, **more)

    def export(self, run: str) -> Any:
        """Read to its end, so that what is wrong in the midst of it comes up here."""
        return iter(self.said("export", lambda: list(self._adapter.export(run))))

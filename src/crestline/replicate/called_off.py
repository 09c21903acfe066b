"""How whoever plays days hears that nobody wants them any more."""

from __future__ import annotations

from threading import Event


class CalledOff(Event):
    """Set when days are called off; another process has one of its own, and is ended where days are called off."""

    def __reduce__(self) -> tuple[type[CalledOff], tuple[()]]:
        """A new one."""
        return CalledOff, ()

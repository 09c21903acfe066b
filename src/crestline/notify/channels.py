"""Addresses as they are written in a command, as channels; what cannot be one is refused, and never shown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from crestline.errors import UsageError
from crestline.notify.alertmanager import SCHEMES, Alertmanager
from crestline.notify.by_apprise import ByApprise
from crestline.notify.message import Channel

REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
KIND = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30})://")
EXPECTED = "expected an address such as alertmanager://127.0.0.1:9093, or one that apprise understands"


def channels(addresses: Iterable[str]) -> tuple[Channel, ...]:
    """A channel for every address, in which ``${NAME}`` stands for a variable of the environment."""
    return tuple(_channel(f"--notify {number}", address) for number, address in enumerate(addresses, 1))


def _channel(place: str, written: str) -> Channel:
    address = _filled_in(place, written)
    kind = KIND.match(address)
    name = f"{kind[1].lower()} ({place})" if kind else place
    if kind and kind[1].lower() in SCHEMES:
        parts = _parts(address)
        channel: Channel | None = Alertmanager(name, parts) if parts else None
    else:
        channel = ByApprise.of(name, address) if kind else None
    if channel is None:
        msg = f"{place}: {EXPECTED}"
        raise UsageError(msg)
    return channel


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        is_address = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_address else None


def _filled_in(place: str, written: str) -> str:
    missing = [name for name in REFERENCE.findall(written) if name not in os.environ]
    if missing:
        msg = f"{place}: the variable {missing[0]} is not set; set it where the drill is started"
        raise UsageError(msg)
    return REFERENCE.sub(lambda found: os.environ[found[1]], written)

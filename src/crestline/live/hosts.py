"""Addresses of targets: which host and port they mean, and whether that is this machine."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
CREDENTIALS = re.compile(r"//[^/?#]*@")


def name_and_place(host: str) -> tuple[str, str]:
    """The host's name, and the same with its port as it was given; empty where it is no address."""
    try:
        parts = urlsplit(host)
        is_address = parts.scheme in PORTS and parts.port != 0
    except ValueError:  # a port that is none, or brackets without an address in them
        return "", ""
    return (parts.hostname or "", parts.netloc) if is_address else ("", "")


def is_this_machine(host: str) -> bool:
    """Whether requests to ``host`` load nothing but this machine."""
    name, _ = name_and_place(host)
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def target_of(host: str) -> str:
    """One name for one target, however its address is spelled: ``loopback-8000``, ``staging.example-443``."""
    parts = urlsplit(host)
    name = "loopback" if is_this_machine(host) else re.sub(r"[^a-z0-9.-]", "_", parts.hostname or "")
    return f"{name}-{parts.port or PORTS.get(parts.scheme, 0)}"

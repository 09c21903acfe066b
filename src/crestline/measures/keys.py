"""The names of the measures: what every run reports, and how a name is made up."""

from __future__ import annotations

import re
from typing import NamedTuple

FIXED = (
    "frt_p50_s",
    "frt_p90_s",
    "frt_p95_s",
    "frt_p99_s",
    "frt_mean_s",
    "agent_frt_p90_s",
    "wait_p90_s",
    "mean_wait_s",
    "wait_probability",
    "service_level",
    "abandonment",
    "abandonment_triage",
    "error_rate",
    "rejected",
    "resolution_rate",
    "bot_resolution_rate",
    "recontact_rate",
    "occupancy",
    "satisfaction",
    "recovery_s",
    "throughput_per_h",
    "cost_per_contact",
    "request_errors",
)
"""What every run reports, in the order of the report."""

_KEY = re.compile(r"(?P<name>\w+)(?:\[(?P<subject>.+)\])?(?P<each>@interval)?")
_UNITS = {"throughput_per_h": "per_h", "cost_per_contact": "currency", "request_errors": "count"}


class Key(NamedTuple):
    """A key taken apart: ``abandonment[refund]@interval`` is of the contacts ``refund``, the worst interval."""

    name: str
    subject: str | None
    each_interval: bool


def split(key: str) -> Key:
    """The parts of a key."""
    match = _KEY.fullmatch(key)
    if match is None:
        msg = f"measure key: got {key!r}, expected name, name[subject] or name@interval"
        raise ValueError(msg)
    return Key(match["name"], match["subject"], match["each"] is not None)


def unit(key: str) -> str:
    """The unit of a key: ``s``, ``share``, ``per_h``, ``count`` or ``currency``."""
    name = split(key).name
    return _UNITS.get(name, "s" if name.endswith("_s") else "share")

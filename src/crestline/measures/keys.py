"""The names of the measures: what every run reports, and how a name is made up."""

from __future__ import annotations

import re
from functools import lru_cache
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

DURATIONS = ("frt", "agent_frt", "wait")

_KEY = re.compile(r"(?P<name>\w+)(?:\[(?P<subject>.+)\])?(?P<each>@interval)?")
_TIME = re.compile(r"(?P<of>frt|agent_frt|wait)_(?:p(?P<percent>\d+)|mean)_s")
_UNITS = {"throughput_per_h": "per_h", "cost_per_contact": "currency", "request_errors": "count"}


class Key(NamedTuple):
    """A key taken apart: ``abandonment[refund]@interval`` is of the contacts ``refund``, the worst interval."""

    name: str
    subject: str | None
    each_interval: bool


class Time(NamedTuple):
    """A statistic of durations: a percentile, or the mean."""

    of: str
    percent: int | None


def split(key: str) -> Key:
    """The parts of a key."""
    match = _KEY.fullmatch(key)
    if match is None:
        msg = f"measure key: got {key!r}, expected name, name[subject] or name@interval"
        raise ValueError(msg)
    return Key(match["name"], match["subject"], match["each"] is not None)


@lru_cache(maxsize=256)
def time(name: str) -> Time | None:
    """The statistic that a measure is; None for what is no duration."""
    match = _TIME.fullmatch("wait_mean_s" if name == "mean_wait_s" else name)
    return Time(match["of"], int(match["percent"]) if match["percent"] else None) if match else None


def unit(key: str) -> str:
    """The unit of a key: ``s``, ``share``, ``per_h``, ``count`` or ``currency``."""
    name = split(key).name
    return _UNITS.get(name, "s" if name.endswith("_s") else "share")

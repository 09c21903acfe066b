"""The release switch: which share of the customers a new version of the bot serves, beside the one that is there."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

from crestline.desk.journal import Journal

BASELINE, CANDIDATE = "baseline", "candidate"


def is_served(version: str, customer: int, share: float) -> bool:
    """Whether a customer is among the share: by a hash, so that who was served at 1 % still is at 10 %.

    The first four bytes of ``sha256("version/customer")``, as a share of 2^32; a client can work it out for itself.
    """
    first = hashlib.sha256(f"{version}/{customer}".encode()).digest()[:4]
    return int.from_bytes(first) < share * 2**32


@dataclass(frozen=True)
class Release:
    """How far a candidate is rolled out; from the monotonic instant ``until`` on it serves nobody any more."""

    share: float = 0.0
    version: str = CANDIDATE
    until: float = math.inf


class Releases:
    """The switch of one desk; a restart finds it as it was."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._now = Release()
        for at, kind, body in journal.log.notes():
            if kind == "release":
                self._now = _release(at, **body)

    def turn(self, share: float, version: str, ttl_s: float | None) -> None:
        """Let the candidate serve this share from now on, for ``ttl_s`` at most where that is given."""
        self._now = _release(self._journal.clock(), share, version, ttl_s)
        self._journal.note("release", share=share, version=version, ttl_s=ttl_s)

    def view(self) -> dict[str, Any]:
        """What a client sees."""
        return {"share": self._share, "version": self._now.version}

    def of(self, customer: int) -> str:
        """Which release serves a customer now."""
        return CANDIDATE if is_served(self._now.version, customer, self._share) else BASELINE

    @property
    def _share(self) -> float:
        return self._now.share if self._journal.clock() < self._now.until else 0.0


def _release(at: float, share: float, version: str, ttl_s: float | None) -> Release:
    return Release(share, version, math.inf if ttl_s is None else at + ttl_s)

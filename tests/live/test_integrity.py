"""The target's own log held against the records."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from crestline.errors import TargetError
from crestline.live.integrity import _known, check_integrity, with_stored_ratings
from crestline.tables import OUTCOME_COLUMNS, Outcome, Outcomes


def outcomes(*ended: Outcome) -> Outcomes:
    """Contacts 0, 1, 2, ... with these outcomes; the resolved ones were claimed."""
    columns: dict[str, Any] = {}
    for name, column in OUTCOME_COLUMNS.items():
        empty = np.nan if column.dtype is np.float64 else -1
        columns[name] = np.full(len(ended), empty, dtype=column.dtype)
    columns["row"] = np.arange(len(ended))
    columns["outcome"] = np.array(ended)
    columns["claimed_s"] = np.where(columns["outcome"] == Outcome.AGENT_RESOLVED, 1.0, np.nan)
    return Outcomes(**columns)


def entry(row: int, state: str = "agent_resolved", resolutions: int = 1, rating: int | None = None) -> dict[str, Any]:
    return {"row": row, "state": state, "resolutions": resolutions, "rating": rating}


# Everything that was sent is in the log, once: nothing lost, nothing doubled.
def test_whole_run() -> None:
    found = check_integrity([entry(0), entry(1)], outcomes(Outcome.AGENT_RESOLVED, Outcome.AGENT_RESOLVED))
    assert found.figures() == {"accepted": 2, "lost": 0, "doubled": 0, "orphaned": 0}


# Failed and dropped contacts never reached the target; an answered one that it does not know is lost.
def test_unknown_contact_is_lost() -> None:
    found = check_integrity([entry(0)], outcomes(Outcome.AGENT_RESOLVED, Outcome.FAILED, Outcome.ABANDONED))
    assert (found.accepted, found.lost) == (1, 1)


# A contact that was pushed to an agent whose connection was dead is lost to its customer, who still waits.
def test_claimed_but_never_answered_is_lost() -> None:
    assert check_integrity([entry(0, "claimed", 0)], outcomes(Outcome.OPEN)).lost == 1


# Two conversations for one contact, or two resolutions, are one contact doubled.
def test_doubled() -> None:
    ended = outcomes(Outcome.AGENT_RESOLVED, Outcome.AGENT_RESOLVED)
    assert check_integrity([entry(0), entry(0), entry(1, resolutions=2)], ended).doubled == 2


# What the target has and the harness never sent is an orphan.
def test_orphan() -> None:
    assert check_integrity([entry(0), entry(9)], outcomes(Outcome.AGENT_RESOLVED)).orphaned == 1


# Satisfaction is measured by the ratings that the target stored; where it has none the customer's own stays.
def test_stored_ratings_count() -> None:
    rated = with_stored_ratings(
        [entry(0, rating=5), entry(1, rating=1), entry(2)],
        outcomes(Outcome.AGENT_RESOLVED, Outcome.AGENT_RESOLVED, Outcome.ABANDONED),
    )
    assert rated.rating.tolist() == [1, 0, -1]


# What no figure can be made of is refused as it is read, by its name; what is left out is not missed.
@pytest.mark.parametrize("wrong", [{"rating": "5"}, {"rating": [5]}, {"resolutions": None}, {"resolutions": "1"}])
def test_a_log_with_words_for_numbers_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(TargetError, match=f"{next(iter(wrong))} of row 3, expected a number"):
        _known(entry(3) | wrong)
    assert _known({"row": 3}) == {"row": 3}
    assert _known(entry(3, rating=5))["rating"] == 5

"""Memory: as many days at once as it holds, and words where it does not hold one."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psutil  # type: ignore[import-untyped]
import pytest

from crestline.engine import COMPILED, SIMPY
from crestline.errors import UsageError
from crestline.replicate import replicate, replications
from crestline.replicate.memory import days_that_fit
from crestline.workload import day

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with one gigabyte left."""
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1e9))


def test_ordinary_days_are_not_counted(little: None, service: MakeService) -> None:
    assert days_that_fit(service(), day(service()), COMPILED) == sys.maxsize


def test_as_many_days_are_played_at_once_as_fit(little: None, service: MakeService) -> None:
    """Several of 900,000 customers, and more of fewer."""
    busy = service(demand={"rate": "900000/h"})
    few = days_that_fit(busy, day(busy), COMPILED)
    assert 2 <= few <= 8
    assert days_that_fit(busy, day(busy, 0.7), COMPILED) > few


def test_what_never_fits_is_refused_before_it_is_played(little: None, service: MakeService) -> None:
    """The reference holds a day in one piece; the compiled engine holds those that wait or are served."""
    huge = service(demand={"rate": "100000000/h"})
    with pytest.raises(UsageError, match=r"about 100,000,000 customers in one piece need about .* GB of memory"):
        replicate(huge, SEED, day(huge), 1, engine=SIMPY)
    with pytest.raises(UsageError, match=r"contacts in the system at a time need about .* GB of memory"):
        replicate(huge, SEED, day(huge), 1, engine=COMPILED)


def test_days_that_do_not_fit_together_are_played_one_by_one(
    monkeypatch: pytest.MonkeyPatch, service: MakeService
) -> None:
    """No day is begun while another is under way, however many places there are."""
    monkeypatch.setattr(replications, "days_that_fit", lambda *_: 1)
    ahead: list[int] = []
    play = replications._played_ahead

    def seen(*arguments: object) -> object:
        ahead.append(arguments[-1])  # type: ignore[arg-type]
        return play(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(replications, "_played_ahead", seen)
    assert len(replicate(service(), SEED, day(service()), 4)) == 4
    assert ahead == [1]

"""A target that falls silent: whom it never took in does not wait there, and nobody waits for it for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import gevent
import pytest

from crestline.errors import TargetError
from crestline.live import agents, crowd
from crestline.live.adapters import Refused

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Target, Tell

FOR_EVER = 60.0


class Silent(dict[str, Any]):
    """What a target knows that does not come to an answer."""

    def setdefault(self, *_: Any) -> NoReturn:
        gevent.sleep(FOR_EVER)
        raise AssertionError

    __setitem__ = setdefault


def test_who_was_never_taken_in_has_failed_by_the_end(
    tell: Tell, row: MakeRow, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not open, since no objective would count them; and the budget is asked once more."""
    monkeypatch.setattr(crowd, "ANSWER", 0.01)
    target.talks = Silent()
    told = tell(row(at=1), row(at=2), target=target, load_test={"error_budget": {"of": 2}, "time_scale": 1000})
    assert [line["is"] for line in told.lines()] == ["failed", "failed"]
    assert told.load["stopped_by"].startswith(
        "error budget: 2 of the latest 2 contacts failed, mostly: open: no answer"
    )
    assert told.load["finished"] is False


def test_who_has_only_just_come_is_open(tell: Tell, row: MakeRow, target: Target) -> None:
    """As a run is stopped, an answer may be on its way."""
    target.talks = Silent()
    told = tell(row(at=1), target=target, stop_after=2)
    assert [line["is"] for line in told.lines()] == ["open"]


def test_agents_who_hear_nothing_as_they_log_in_are_not_waited_for(
    tell: Tell, row: MakeRow, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents, "LOG_IN", 0.05)
    target.seats = Silent()
    with pytest.raises(TargetError, match="1 of 1 agents could not log in: no answer"):
        tell(row(at=1), target=target)


def test_a_run_in_which_no_agent_gets_in_does_not_begin(tell: Tell, row: MakeRow, target: Target) -> None:
    class Closed(dict[str, Any]):
        def __setitem__(self, *_: Any) -> NoReturn:
            raise Refused("login", 403, "closed")

    target.seats = Closed()
    with pytest.raises(TargetError, match="1 of 1 agents could not log in"):
        tell(row(at=1), target=target)

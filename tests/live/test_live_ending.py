"""Ends that nobody has planned: a run cannot begin, a greenlet will not end, a question is not answered."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import gevent
import pytest
from gevent.event import Event

from crestline.errors import TargetError
from crestline.live.adapters import Refused
from crestline.live.ending import end
from crestline.live.play import FAR, Play

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Target, Tell


def test_a_run_that_cannot_begin_logs_its_agents_out(
    tell: Tell, row: MakeRow, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The target takes the agents in and then refuses the announcement of zero: nobody is left asking."""
    announce = Play._announce

    def announces(play: Play, lead: float) -> None:
        if lead < FAR:
            assert target.idle
            raise Refused("begin", 409, "another run is on")
        announce(play, lead)

    monkeypatch.setattr(Play, "_announce", announces)
    with pytest.raises(TargetError, match="another run is on"):
        tell(row(at=1), target=target)
    assert target.seats
    assert not target.idle


def test_a_greenlet_that_will_not_end_is_left_behind() -> None:
    """Who ends it goes on."""
    may_go = Event()

    def stays() -> None:
        with suppress(gevent.GreenletExit):
            gevent.sleep(60)
        may_go.wait()

    stubborn, willing = gevent.spawn(stays), gevent.spawn(gevent.sleep, 60)
    gevent.sleep(0)
    end([stubborn, willing], 0.01)
    assert (bool(stubborn), bool(willing)) == (True, False)
    may_go.set()
    stubborn.join()


ASK = """
import sys
from pathlib import Path
from types import SimpleNamespace as Some
import locust
from crestline.live import stage

sys.executable, stage.ANSWER = sys.argv[1], 0.05
scene = Some(
    ledger=Some(under_way=lambda _: None), timeline=Some(start_s=0.0), clock=Some(now=lambda: 1.0, time_scale=60.0)
)
aftermath = stage.Aftermath(Path())
print(aftermath.ask(scene, []))
stage.ANSWER = 3600.0
print(aftermath.ask(scene, []))
aftermath.close()
"""


def test_who_does_not_say_whether_recovery_was_seen_is_not_asked_again(tmp_path: Path) -> None:
    """No answer is no, after a while; a late one would be taken for that to the next question."""
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec sleep 3600\n", encoding="utf-8")
    deaf.chmod(0o755)
    told = subprocess.run(
        [sys.executable, "-c", ASK, str(deaf)], capture_output=True, text=True, timeout=60, check=False
    )
    assert told.stdout.split() == ["False", "False"], told.stderr

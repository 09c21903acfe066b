"""Drills of targets that lack something: what cannot be seen is not measured, and what is left behind is listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from crestline.live.adapters.check import opening
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.wire import Wire
from crestline.scenario import load

if TYPE_CHECKING:
    from tests.verbs.conftest import ByHand, Done, Run

Words = Callable[..., list[str]]
LESS = """
from crestline.live.adapters.desk import DeskAdapter


class Less(DeskAdapter):
    capabilities = DeskAdapter.capabilities._replace(rating=False, export=False, scripted=False, atomic_claim=False)
"""
ASKED = "objectives=['error_rate < 90%', 'satisfaction >= 50%']"


@contextmanager
def customer(url: str) -> Iterator[DeskAdapter]:
    wire = Wire(url)
    yield DeskAdapter(wire)
    wire.close()


def page(done: Done) -> str:
    return (done.latest / "report" / "index.html").read_text(encoding="utf-8")


# Ratings, log and script are missing: null, with the reason, and an objective on them is inconclusive. Contacts of
# others are in the queue all the while, and nobody touches them; the run's own are listed by their ids.
@pytest.mark.long
def test_a_target_that_lacks_much(run: Run, brief: Words, desk: Callable[..., ByHand]) -> None:
    target = desk("--time-scale", "60")
    (target.started.folder / "less.py").write_text(LESS, encoding="utf-8")
    with customer(target.url) as stranger:
        theirs = [stranger.open(opening("theirs", row, kind)).id for row, kind in enumerate(load("quick").contacts)]
        done = run(*brief(ASKED), "--host", target.url, "--adapter", "less:Less")
        assert [stranger.poll(name, 0, 0.0)[-1].kind for name in theirs] == ["queued"] * len(theirs)
    told = done.run
    assert (done.code, told["kind"]) == (3, "drill"), done.err
    assert "unseen    satisfaction >= 50%: cannot be judged, the target takes no ratings\n" in done.err
    assert told["measures"]["satisfaction"]["measured"] is None
    assert told["measures"]["satisfaction"]["forecast"]["value"] > 0
    assert told["integrity"] is None
    assert told["agreement"] is None
    assert list(told["not_measured"]) == ["satisfaction", "integrity", "agreement"]
    asked = told["objectives"][1]
    assert (asked["result"], asked["why"]) == ("inconclusive", "not measured: the target takes no ratings")
    assert all(gate["ok"] for gate in told["gates"])
    assert "UNSEEN" not in done.out, "off a terminal only what was not met is told"
    assert "satisfaction: not measured, the target takes no ratings" in page(done)
    ids = (done.latest / "created.txt").read_text(encoding="utf-8").split()
    assert len(set(ids)) == len(ids) == told["left"]["conversations"] == told["load"]["sent"]
    assert not set(ids) & set(theirs)
    assert "their ids: created.txt" in page(done)


# Nobody logs in: whoever needs people leaves or stays, the bot is tried all the same, and no forecast stands beside it.
@pytest.mark.long
def test_the_load_alone(run: Run, brief: Words) -> None:
    asked = "objectives=['error_rate < 1%', 'abandonment < 90%']"
    done = run(*brief(asked, "load_test.time_scale=200"), "--no-agents")
    told = done.run
    assert (done.code, told["kind"], told["verdict"]) == (3, "load", "inconclusive"), done.err
    assert [row["result"] for row in told["objectives"]] == ["met", "inconclusive"]
    assert told["objectives"][1]["why"] == "not measured: nobody was there to answer (--no-agents)"
    assert told["load"]["sent"] == told["load"]["planned"] > 0
    assert told["load"]["agents_planned"] == 0
    assert told["load"]["hand_over_s"] is None
    assert {gate["name"] for gate in told["gates"] if not gate["ok"]} == set()
    assert not {"agents live / planned", "hand-over / handle time"} & {gate["name"] for gate in told["gates"]}
    for key, worlds in told["measures"].items():
        assert worlds["forecast"] is worlds["same_rows"] is None, key
    assert told["measures"]["frt_p90_s"]["measured"] is None
    assert told["measures"]["bot_resolution_rate"]["measured"]["value"] > 0
    assert told["left"] is None, "the desk was the drill's own, and is gone"
    assert "no forecast stands beside it" in page(done)

"""A bot that stands still behind a circuit breaker: the desk does what the model says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from crestline.scenario import load
from crestline.tables import Outcomes
from crestline.verbs.drill import Drill, drill

pytestmark = pytest.mark.long

FROZEN = ["faults=[{kind: triage-brownout, how: stop, at: '10:04', for: 3min}]", "load_test.level=100%"]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    """Twelve minutes of the small service in twelve seconds."""
    guarded = load("quick", [*FROZEN, "triage.breaker={timeout: 20s}"])
    return drill(guarded, seed=1, replications=4, out=tmp_path_factory.mktemp("breaker"))


# Of the contacts that were to meet the bot some hundred do not, and they are the same in both worlds.
def test_the_same_contacts_go_round_the_bot(done: Drill) -> None:
    live, same = (done.folder.read_table(name, Outcomes) for name in ("outcomes", "same_rows"))
    assert done.run["agreement"]["same_outcome"] >= 0.98
    assert live.row.tolist() == same.row.tolist()
    heard = [~np.isnan(world.bot_reply_s) for world in (live, same)]
    assert (heard[0] == heard[1]).mean() >= 0.98
    assert 0.55 <= heard[0].mean() <= 0.75


# Who waits for people waits as long as on the same rows, and they are there at once for whom the bot fails.
def test_people_are_as_quick_as_the_model_says(done: Drill) -> None:
    cells = {cell["name"]: cell for cell in done.run["agreement"]["cells"]}
    assert cells["mean_wait_s"]["measured"] == pytest.approx(cells["mean_wait_s"]["same"], abs=0.5)
    assert cells["frt_p90_s"]["measured"] == pytest.approx(cells["frt_p90_s"]["same"], abs=1.5)
    (worth,) = (one for one in done.run["mitigations"] if one["name"] == "breaker")
    assert worth["recovery_s"]["low"] > 60


# The probe goes on seeing what the fault does, although hardly anybody meets the bot.
def test_the_fault_is_seen(done: Drill) -> None:
    (fault,) = done.run["faults"]
    assert fault["verified"].startswith("no reply of the bot")
    assert math.isfinite(fault["healed_s"])

"""A roll-out live at the reference desk: its switch is turned, its customers are served by two bots."""

from __future__ import annotations

from pathlib import Path

import pytest

from crestline.errors import UsageError
from crestline.live.plan import Plan
from crestline.runs import RunFolder
from crestline.scenario import load
from crestline.tables import Outcome
from crestline.verbs.canary_live import canary_live
from crestline.workload import window
from crestline.workload.candidate import sample_candidate

SCENARIO = {
    "name": "gray-live",
    "day": {"start": "09:00", "length": "2h"},
    "demand": {"rate": "3000/h"},
    "contacts": {
        "all": {
            "share": "100%",
            "bot_resolves": "82%",
            "handle_time": {"exponential": {"mean": "2min"}},
            "patience": {"exponential": {"mean": "3min"}},
        }
    },
    "triage": {
        "reply_time": {"constant": "10s"},
        "pool": {"workers": 4, "at_most": 8, "slots": 4, "start_up": "1min"},
    },
    "agents": {"all": {"skills": ["all"], "on_duty": 40}},
    "canary": {"steps": ["50%", "100%"], "judge_after": "5min"},
    "load_test": {"level": "100%", "for": "100min", "ramp": "2min", "time_scale": 240},
}


def test_a_target_without_a_switch_is_refused() -> None:
    with pytest.raises(UsageError, match="has no release switch"):
        canary_live(load(SCENARIO), adapter="crestline.live.adapters.skeleton:Skeleton")


def test_a_live_bot_takes_its_own_time() -> None:
    with pytest.raises(UsageError, match=r"reply_time: a live bot takes its own time"):
        canary_live(load(SCENARIO, ["canary.candidate.triage.reply_time={constant: 1s}"]))


@pytest.mark.long
def test_a_worse_bot_is_rolled_back_live(tmp_path: Path) -> None:
    """Who was served by it came out as its script says; the switch went back to 0."""
    scenario = load(SCENARIO, ["canary.candidate.contacts.all.bot_resolves=40%"])
    done, folder = canary_live(scenario, seed=3, out=tmp_path)
    assert (done.exit_code, done.run["verdict"], done.run["why"]) == (1, "rolled back", "less resolved")
    assert [turned["share"] for turned in done.run["turned"]] == [0.5, 0.0]
    assert 0 < done.run["harmed_interval"][0] <= done.run["harmed"] < done.run["exposed"]
    assert _unresolved_by_candidate(folder) > 0


def _unresolved_by_candidate(folder: RunFolder) -> int:
    """Contacts that only the new bot leaves without help, and that were left so."""
    from crestline.live.records import Records
    from crestline.workload import sample, timeline

    scenario, seed = folder.scenario(), Plan.read(folder.path).seed
    span = window(scenario)
    old, new = sample(scenario, seed, span, day_factor=False), sample_candidate(scenario, seed, span)
    seen = Records(folder.path, scenario, timeline(scenario, span)).outcomes()
    differ = (old.resolves & ~new.resolves)[seen.row]
    return int((differ & (seen.outcome == Outcome.AGENT_RESOLVED)).sum())

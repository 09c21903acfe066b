"""The run folder: created once, written whole, read back as it was."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from crestline.engine.reference import play
from crestline.errors import UsageError
from crestline.runs import RunFolder, create, open_run
from crestline.scenario import Scenario, load
from crestline.tables import Outcomes, Pools
from crestline.workload import day, sample, timeline


@pytest.fixture
def scenario() -> Scenario:
    """Ten minutes with agents, a bot and customers who leave."""
    return load(
        {
            "name": "kept",
            "about": "Größe, 容量: a run is read back as it was.",
            "day": {"start": "22:00", "length": "10min"},
            "demand": {"rate": "600/h"},
            "contacts": {
                "order": {
                    "share": 1,
                    "bot_resolves": 0.3,
                    "handle_time": {"exponential": {"mean": "1min"}},
                    "patience": {"exponential": {"mean": "1min"}},
                }
            },
            "triage": {
                "reply_time": {"constant": "10s"},
                "pool": {"workers": 1, "at_most": 2, "slots": 2, "start_up": "30s"},
            },
            "agents": {"desk": {"skills": ["order"], "on_duty": 3}},
        }
    )


def test_a_folder_is_named_by_time_scenario_and_chance(tmp_path: Path, scenario: Scenario) -> None:
    """Two runs of one second do not meet; ``latest`` points to the newest, by a relative link."""
    one, two = create(tmp_path / "reports", scenario), create(tmp_path / "reports", scenario)
    assert one.path != two.path
    assert re.fullmatch(r"\d{8}T\d{6}Z-kept-[0-9a-f]{4}", one.name)
    latest = tmp_path / "reports" / "latest"
    assert latest.readlink() == Path(two.name)
    assert open_run(latest) == two
    assert sorted(p.name for p in latest.parent.iterdir()) == sorted([one.name, two.name, "latest"])


def test_a_place_that_knows_no_links_costs_only_the_link(tmp_path: Path, scenario: Scenario) -> None:
    """Something else is called ``latest`` there: the run is written all the same, and nothing half-made stays."""
    (tmp_path / "latest").mkdir()
    made = create(tmp_path, scenario)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([made.name, "latest"])


def test_the_scenario_is_kept_as_it_was_resolved(tmp_path: Path, scenario: Scenario) -> None:
    assert create(tmp_path, scenario).scenario() == scenario


def test_tables_are_read_back_bit_for_bit(tmp_path: Path, scenario: Scenario) -> None:
    """Columns with their types, NaN included, and the names that indices point to."""
    span = day(scenario)
    outcomes, pools = play(scenario, sample(scenario, 1, span), timeline(scenario, span))
    run = create(tmp_path, scenario)
    run.write_table("outcomes", outcomes)
    run.write_table("pools", pools)
    again, again_pools = run.read_table("outcomes", Outcomes), run.read_table("pools", Pools)
    assert np.isnan(outcomes.claimed_s).any()
    for name, column in outcomes.columns().items():
        assert column.dtype == again.columns()[name].dtype
        assert column.tobytes() == again.columns()[name].tobytes()
    assert (again.contacts, again.groups) == (("order",), ("desk",))
    assert [c.tobytes() for c in again_pools.columns().values()] == [c.tobytes() for c in pools.columns().values()]
    assert again_pools.names == ("desk", "triage")


def test_run_json_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Written beside and moved into place: what cannot be written leaves the earlier file, and no other."""
    run = RunFolder(tmp_path)
    run.write_run({"verdict": "met", "name": "容量"})
    with pytest.raises(ValueError, match="Out of range float values are not JSON compliant"):
        run.write_run({"verdict": float("nan")})
    assert run.read_run() == {"verdict": "met", "name": "容量"}
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]
    assert "容量" in (tmp_path / "run.json").read_text(encoding="utf-8")
    assert run.has("run.json")
    assert not run.has("plan.json")


def test_what_is_no_run_is_refused_in_words(tmp_path: Path) -> None:
    """Where, what and what was expected."""
    with pytest.raises(UsageError, match=r"nowhere: no such folder; expected the folder of a run"):
        open_run(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r"no run\.json here; expected the folder of a run, such as reports/latest"):
        open_run(tmp_path).read_run()
    (tmp_path / "run.json").write_text('{\n "verdict": \n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"run\.json:3: not readable as JSON \(Expecting value\)"):
        open_run(tmp_path).read_run()


def test_a_place_that_cannot_be_written_is_refused_in_words(tmp_path: Path, scenario: Scenario) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot write the run folder \(.*\); choose another place with --out DIR"):
        create(tmp_path / "file", scenario)


def test_an_interrupted_run_leaves_a_folder_that_can_be_read(tmp_path: Path, scenario: Scenario) -> None:
    """As soon as it is created the folder holds the scenario; what has come since is there."""
    run = create(tmp_path, scenario)
    run.write_json("plan.json", {"rows": 12})
    again = open_run(run.path)
    assert again.scenario().name == "kept"
    assert again.read_json("plan.json") == json.loads((run.path / "plan.json").read_text()) == {"rows": 12}

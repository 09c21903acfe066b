"""Customers who chat over WebSockets and customers who poll are the same customers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from crestline.live.adapters import DESK
from crestline.scenario import load
from crestline.tables import Outcomes
from crestline.verbs.drill import drill

pytestmark = pytest.mark.long

CHAT = "crestline.live.adapters.chat:ChatAdapter"


# Both drills agree with the model of their rows, and with each other row by row, faults and all.
def test_the_same_rows_over_either_way(tmp_path: Path) -> None:
    played = [drill(load("quick"), adapter=adapter, seed=7, replications=1, out=tmp_path) for adapter in (DESK, CHAT)]
    for done in played:
        assert [gate for gate in done.run["gates"] if not gate["ok"]] == []
        assert [cell for cell in done.run["agreement"]["cells"] if not cell["ok"]] == []
    polled, chatted = (done.folder.read_table("outcomes", Outcomes) for done in played)
    _, one, other = np.intersect1d(polled.row, chatted.row, return_indices=True)
    assert len(one) > 0.98 * len(polled)
    assert (polled.outcome[one] == chatted.outcome[other]).mean() > 0.98

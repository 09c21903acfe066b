"""Customers really come as a Poisson stream does: neither in step nor in batches."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from crestline import workload
from crestline.scenario import load

if TYPE_CHECKING:
    from tests.live.conftest import MakeRow, Tell

    from crestline.tables import Floats

SEEDS = range(1, 11)
STREAM_S, SEGMENT_S = 300.0, 60.0  # scenario seconds, of which a real one has a thousand
KIND = {"share": 1.0, "handle_time": {"constant": "1min"}, "patience": "never"}
STREAM = {
    "schema": 1,
    "name": "stream",
    "day": {"start": "00:00", "length": f"{STREAM_S}s"},
    "interval": f"{STREAM_S}s",
    "demand": {"rate": "0.4/s"},
    "contacts": {"all": KIND},
    "agents": {"all": {"skills": ["all"], "on_duty": 1}},
    "load_test": {"level": "100%"},
}


@pytest.fixture
def sent_s(tell: Tell, row: MakeRow) -> Floats:
    """When the customers of ten streams are sent, which are played one after the other; scenario seconds."""
    scenario = load(STREAM)
    span = workload.window(scenario)
    streams = [workload.sample(scenario, seed, span, day_factor=False).first_planned_s for seed in SEEDS]
    planned_s = np.concatenate([STREAM_S * place + stream for place, stream in enumerate(streams)])
    gaps = [at - before for before, at in pairwise([0.0, *planned_s])]
    rows = [row(at=gap / 60, reply=0.01, resolves=True) for gap in gaps]
    told = tell(*rows, day={"start": "00:00", "length": "55min"})
    assert told.load["sent"] == len(planned_s)
    played = told.records.outcomes()
    held_up_s = float((played.sent_s - played.planned_s).max())
    if held_up_s > SEGMENT_S / 2:
        pytest.skip(f"the machine stood still for {held_up_s:.0f} ms, which no stream of customers looks well after")
    return played.sent_s


def test_sent_instants_are_those_of_a_poisson_stream(sent_s: Floats) -> None:
    """Counts in 60 real ms: even within each of ten streams (but for one in a hundred), variance = mean over all."""
    ends = np.arange(0.0, STREAM_S * len(SEEDS) + 1, SEGMENT_S)
    counts, _ = np.histogram(sent_s, ends)
    even = [chisquare(stream).pvalue > 0.01 for stream in counts.reshape(len(SEEDS), -1)]
    assert sum(even) >= 9
    freedom = len(counts) - 1
    low, high = (chi2.ppf(share, freedom) / freedom for share in (0.001, 0.999))
    assert low < counts.var(ddof=1) / counts.mean() < high

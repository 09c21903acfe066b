"""Curves for figures: shares answered against time, and contacts waiting over time."""

from __future__ import annotations

import numpy as np

from crestline.measures.contacts import Contacts
from crestline.measures.durations import Sample
from crestline.measures.response import first_response_s
from crestline.measures.waiting import Waiting
from crestline.tables import Floats, Outcomes

# From the fastest to the slowest, denser in the tail; p of the share answered within.
SHARES = np.round(np.concatenate((np.linspace(0.02, 0.9, 45), 1 - np.geomspace(0.09, 0.001, 40))), 5)


def frt_curve(outcomes: Outcomes) -> Floats:
    """First response time in seconds within which each of ``SHARES`` was answered; inf where it never was."""
    return curve_of(Sample(len(outcomes), np.sort(first_response_s(outcomes))))


def curve_of(sample: Sample) -> Floats:
    """The duration that each of ``SHARES`` does not exceed; NaN where there was nobody."""
    if sample.size == 0:
        return np.full(len(SHARES), np.nan)
    return sample.ranked(np.ceil(SHARES * sample.size).astype(np.int64))


def backlog(outcomes: Outcomes, at_s: Floats) -> Floats:
    """Contacts that wait for an agent at each instant."""
    waiting = Waiting(at_s)
    waiting.add(Contacts(outcomes, np.inf))
    return waiting.at(at_s).astype(np.float64)

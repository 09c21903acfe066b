"""Customers who come beyond the usual demand, by contact type: complaints after an incident, a spike of demand.

They are told apart by a random number of their own, so that all others keep their contact type and all their numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from crestline.faults import planned_faults
from crestline.scenario import Scenario
from crestline.scenario.faults import DemandSpike
from crestline.tables import Floats, Ints
from crestline.workload.levels import Side
from crestline.workload.span import Span
from crestline.workload.streams import Draws


class Extra(NamedTuple):
    """How many more customers come for one contact type, as a share of all that usually come at that instant.

    A line through points, flat outside; two points at one instant are a jump.
    """

    contact: int
    at_s: tuple[float, ...]
    excess: tuple[float, ...]

    def at(self, at_s: Floats, side: Side) -> Floats:
        """The share just before (``left``) or just after (``right``) each instant."""
        points, shares = np.array(self.at_s), np.array(self.excess)
        if side == "right":
            return np.asarray(np.interp(at_s, points, shares))
        return np.asarray(np.interp(-at_s, -points[::-1], shares[::-1]))


def extras(scenario: Scenario, span: Span) -> tuple[Extra, ...]:
    """Everybody who comes beyond the usual demand of a span."""
    return (*_complaints(scenario, span), *_spikes(scenario, span))


def excess(more: Sequence[Extra], at_s: Floats, side: Side) -> Floats:
    """How many more customers come than usual, as a share of the usual ones."""
    return np.asarray(sum((extra.at(at_s, side) for extra in more), np.zeros(len(at_s))))


def with_extras(contact: Ints, more: Sequence[Extra], at_s: Floats, draws: Draws) -> Ints:
    """The contact types of customers who come at these instants, those who come beyond the usual ones put in."""
    place = draws.uniform("extra") * (1.0 + excess(more, at_s, "right")) - 1.0
    for extra in more:  # below 0: one of the usual; then every extra has a stretch as long as its share
        share = extra.at(at_s, "right")
        contact = np.where((place >= 0) & (place < share), extra.contact, contact)
        place = place - share
    return contact


def _spikes(scenario: Scenario, span: Span) -> Iterator[Extra]:
    """Demand that rises at once and falls at once: of one contact type, or of all in their usual shares."""
    for fault, acts in zip(scenario.faults, planned_faults(scenario), strict=True):
        if isinstance(fault, DemandSpike) and span.start_s <= acts.start_s < span.end_s:
            at_s = (acts.start_s, acts.start_s, acts.end_s, acts.end_s)
            for index, (name, kind) in enumerate(scenario.contacts.items()):
                if fault.contact in (None, name):
                    more = kind.share * (fault.factor - 1)
                    yield Extra(index, at_s, (0.0, more, more, 0.0))


def _complaints(scenario: Scenario, span: Span) -> Iterator[Extra]:
    """Complaints after the first fault of the span that takes effect; one incident, however many faults it has."""
    struck = [fault.start_s for fault in planned_faults(scenario) if span.start_s <= fault.start_s < span.end_s]
    if scenario.incident is None or not struck:
        return
    after_s, times_usual = scenario.incident.course
    at_s = tuple(min(struck) + after for after in after_s)
    for index, kind in enumerate(scenario.contacts.values()):
        if kind.complaint:
            yield Extra(index, at_s, tuple(kind.share * times for times in times_usual))

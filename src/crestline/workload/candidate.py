"""What a new version of the bot makes of the very same contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from crestline.scenario import Scenario
from crestline.tables import Floats, Workload
from crestline.workload.sampling import sample
from crestline.workload.span import Span
from crestline.workload.streams import Draws

CANDIDATE = "candidate"


def other_version(scenario: Scenario) -> Scenario:
    """The scenario with the candidate of its canary instead of the version that is there."""
    candidate = scenario.canary.candidate
    bot = {name: value for name, value in candidate.triage if value is not None}
    triage = scenario.triage.model_copy(update=bot) if scenario.triage else None
    contacts = {
        name: kind.model_copy(update=_differing(candidate.contacts, name)) for name, kind in scenario.contacts.items()
    }
    return scenario.model_copy(update={"triage": triage, "contacts": contacts})


def _differing(contacts: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in contacts.get(name, ()) if value is not None}


def places(version: str, customers: Iterable[int]) -> Floats:
    """Where each customer stands between 0 and 1: the candidate serves whoever stands below its share.

    The first four bytes of ``sha256("version/customer")`` as a share of 2^32, as the reference desk has it.
    """
    from hashlib import sha256

    found = [int.from_bytes(sha256(f"{version}/{customer}".encode()).digest()[:4]) for customer in customers]
    return np.array(found, dtype=np.float64) / 2**32


def sample_candidate(
    scenario: Scenario, seed: int, span: Span, replication: int = 0, *, simulated: bool = False
) -> Workload:
    """The rows of ``sample`` for an average day as the candidate has them: same numbers, other outcomes.

    ``fail_u`` is 0 where the candidate fails and 1 elsewhere.
    """
    made = sample(other_version(scenario), seed, span, replication, day_factor=False, simulated=simulated)
    drawn = Draws.at(seed, replication, made.customer, made.attempt).uniform("candidate fails")
    return replace(made, fail_u=np.where(drawn < scenario.canary.candidate.fails, 0.0, 1.0))

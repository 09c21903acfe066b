"""Faults that somebody else's tool brings about: in force from their instant until they are taken back.

What they do is not known here; the scenario may say with ``as`` of which kind their effect is.
"""

from __future__ import annotations

from dataclasses import replace

from crestline.faults import for_a_while, triage_outage
from crestline.scenario import Scenario
from crestline.scenario.faults import kind_of_effect
from crestline.tables import Fault


def acts(scenario: Scenario, index: int) -> Fault:
    """Struck at ``at``, lifted and healed ``for`` later; later still where the bot's workers have to start up."""
    fault = scenario.faults[index]
    effect = kind_of_effect(fault)
    acts_alike = triage_outage.acts if effect == "triage-outage" else for_a_while.acts
    return replace(acts_alike(scenario, index), stands_for="" if effect == fault.kind else effect)

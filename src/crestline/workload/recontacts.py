"""Who comes back: the share of every outcome that leads to a recontact."""

from __future__ import annotations

from crestline.scenario import PlatformOutage, Scenario
from crestline.tables import Outcome


def recontact_shares(scenario: Scenario) -> dict[Outcome, float]:
    """The share of every outcome that comes back; that of ``failed`` may be set by an outage of the platform."""
    after = scenario.recontact.after.items() if scenario.recontact else ()
    shares = dict.fromkeys(Outcome, 0.0) | {Outcome[word.upper()]: share for word, share in after}
    of_fault = [f.recontact for f in scenario.faults if isinstance(f, PlatformOutage) and f.recontact is not None]
    return shares | ({Outcome.FAILED: max(of_fault)} if of_fault and scenario.recontact else {})


def largest_recontact_share(scenario: Scenario) -> float:
    """The largest of them: what may happen at most."""
    return max(recontact_shares(scenario).values())

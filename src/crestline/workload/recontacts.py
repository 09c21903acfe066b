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


def largest_recontact_share(scenario: Scenario, *, simulated: bool = False) -> float:
    """The largest of them: what may happen at most; ``simulated``, nothing fails without an outage of the platform."""
    shares = recontact_shares(scenario)
    if simulated and not any(isinstance(fault, PlatformOutage) for fault in scenario.faults):
        del shares[Outcome.FAILED]
    return max(shares.values())


def expected_attempts(scenario: Scenario, share: float) -> float:
    """Expected rows of one customer, where that share of all attempts may be followed by another."""
    most = scenario.recontact.at_most if scenario.recontact else 0
    return sum(share**attempt for attempt in range(most + 1))


def most_recontacts(scenario: Scenario) -> int:
    """How often one customer comes back at most."""
    return scenario.recontact.at_most if scenario.recontact else 0

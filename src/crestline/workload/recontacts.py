"""Who comes back: the share of every outcome that leads to a recontact."""

from __future__ import annotations

from crestline.scenario import PlatformOutage, Recontact, Scenario
from crestline.scenario.faults import RetryStorm, kind_of_effect
from crestline.tables import Outcome

FAILING = frozenset({"platform-outage", "wire"})  # faults that let contacts fail
USUAL_MOST = int(Recontact.model_fields["at_most"].default)  # recontacts of a storm where none are usual


def recontact_shares(scenario: Scenario) -> dict[Outcome, float]:
    """The share of every outcome that comes back; that of ``failed`` may be set by an outage of the platform."""
    after = scenario.recontact.after.items() if scenario.recontact else ()
    shares = dict.fromkeys(Outcome, 0.0) | {Outcome[word.upper()]: share for word, share in after}
    of_fault = [f.recontact for f in scenario.faults if isinstance(f, PlatformOutage) and f.recontact is not None]
    return shares | ({Outcome.FAILED: max(of_fault)} if of_fault and scenario.recontact else {})


def largest_recontact_share(scenario: Scenario, *, simulated: bool = False) -> float:
    """The largest of them: what may happen at most; ``simulated``, nothing fails unless a fault lets it."""
    shares = recontact_shares(scenario)
    if simulated and not any(kind_of_effect(fault) in FAILING for fault in scenario.faults):
        del shares[Outcome.FAILED]
    storms = [fault.share for fault in scenario.faults if isinstance(fault, RetryStorm)]
    return max([*shares.values(), *storms])


def most_recontacts(scenario: Scenario) -> int:
    """How often one customer comes back at most."""
    if scenario.recontact:
        return scenario.recontact.at_most
    return USUAL_MOST if any(isinstance(fault, RetryStorm) for fault in scenario.faults) else 0


def expected_attempts(scenario: Scenario, share: float) -> float:
    """Expected rows of one customer, where that share of all attempts may be followed by another."""
    return sum(share**attempt for attempt in range(most_recontacts(scenario) + 1))

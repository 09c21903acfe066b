"""What customers come for, how long they wait, and when they come back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from crestline.scenario.block import Block
from crestline.scenario.distributions import Distribution, Patience
from crestline.scenario.quantities import Count, Flag, Money, Share

OutcomeWord = Literal["abandoned", "failed", "rejected", "bot_resolved", "agent_resolved"]
OUTCOMES: tuple[OutcomeWord, ...] = ("abandoned", "failed", "rejected", "bot_resolved", "agent_resolved")
MOST_RECONTACTS = 100  # of one customer: attempts are numbered in 8 bits


class ContactType(Block):
    """One reason to get in touch; its name is also the skill that serves it."""

    share: Share = Field(description="its share of all contacts, such as 60%")
    bot: Literal["triage", "skip"] = Field("triage", description="whether the bot meets it first")
    bot_resolves: Share = Field(0.0, description="the share that the bot resolves alone")
    complaint: Flag = Field(False, description="whether it counts for the alert on complaints")
    queue_limit: Count | None = Field(
        None, description="how many may wait; 0 turns everyone away who finds no one free"
    )
    lost_costs: Money | None = Field(
        None, description="what a customer costs who ends without help and does not come back, in the currency"
    )
    handle_time: Distribution = Field(
        description="how long an agent holds it, such as {lognormal: {mean: 3min, cv: 110%}}"
    )
    patience: Patience = Field(
        description="how long a customer waits, such as {exponential: {mean: 4min}}; never: for ever"
    )


class Vip(Block):
    """Customers who are served first."""

    share: Share = Field(0.0, description="their share of all customers, such as 5%")


def _complete(shares: dict[OutcomeWord, float]) -> dict[OutcomeWord, float]:
    return {word: shares.get(word, 0.0) for word in OUTCOMES}


def _numbered(attempts: int) -> int:
    if attempts > MOST_RECONTACTS:
        msg = f"got {attempts}, expected {MOST_RECONTACTS} or fewer"
        raise ValueError(msg)
    return attempts


class Recontact(Block):
    """Customers who come back: how many after which outcome, and when."""

    after: Annotated[dict[OutcomeWord, Share], AfterValidator(_complete)] = Field(
        description="the share that comes back after each outcome, such as {abandoned: 35%}"
    )
    delay: Distribution = Field(description="how long until they do, such as {exponential: {mean: 20min}}")
    at_most: Annotated[Count, AfterValidator(_numbered)] = Field(
        5, description="how often one customer comes back at most, 100 or fewer"
    )

"""How a new version is rolled out: to more and more of the contacts, as long as it does no harm (DOMAIN row 10)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from crestline.scenario.block import Block
from crestline.scenario.distributions import Distribution
from crestline.scenario.quantities import Clock, Length, Name, Positive, Share, SomeShare, Spread

STEPS = (0.01, 0.10, 0.50, 1.0)


def _rising(steps: tuple[float, ...]) -> tuple[float, ...]:
    rises = all(before < after for before, after in pairwise(steps))
    if not steps or not rises or steps[-1] != 1:
        got = ", ".join(f"{share:g}" for share in steps)
        msg = f"got {got or 'none'}, expected shares that rise and end with 100%, such as [1%, 10%, 50%, 100%]"
        raise ValueError(msg)
    return steps


def _below_one(alpha: float) -> float:
    if alpha >= 1:
        msg = "got 100 %, expected a small chance of being wrong, such as 1%"
        raise ValueError(msg)
    return alpha


RolloutSteps = Annotated[tuple[SomeShare, ...], AfterValidator(_rising)]


class CandidateTriage(Block):
    """The bot of the new version, where it differs."""

    reply_time: Distribution | None = Field(None, description="how long its reply takes")
    accuracy: Share | None = Field(None, description="the share that it hands to the right skill")


class CandidateContact(Block):
    """What the new version makes of a contact type, where it differs."""

    bot_resolves: Share | None = Field(None, description="the share that the new bot resolves alone")


class Candidate(Block):
    """The new version of bot or API: what is left out is as in the version that is there."""

    fails: Share = Field(0.0, description="the share of its contacts that end in an error, such as 2%")
    triage: CandidateTriage = Field(CandidateTriage.model_validate({}), description="its bot")
    contacts: dict[Name, CandidateContact] = Field({}, description="its bot, by contact type")


class Margins(Block):
    """How much worse a new version may be and still be promoted."""

    errors: SomeShare = Field(0.01, description="on the share of errors, such as 1%")
    frt: Spread = Field(0.20, description="on the mean first response time, as a share of it, such as 20%")
    resolution: SomeShare = Field(0.05, description="on the share that the bot resolves, such as 5%")


class Canary(Block):
    """A gray release: which version, by which steps, and how sure it has to be."""

    candidate: Candidate = Field(Candidate.model_validate({}), description="the new version; empty: an identical one")
    steps: RolloutSteps = Field(STEPS, description="the shares of contacts that it takes one after the other")
    contacts: Positive = Field(400, description="how many contacts of the new version a step waits for at least")
    alpha: Annotated[SomeShare, AfterValidator(_below_one)] = Field(
        0.01, description="the chance at most that a version which does no harm is rolled back in the whole roll-out"
    )
    from_: Clock | None = Field(
        None, alias="from", description="when the first step begins; left out, half an hour after the day"
    )
    judge_after: Length = Field(600.0, description="after what time a contact that has not ended is judged")
    margins: Margins = Field(Margins.model_validate({}), description="how much worse may still be promoted")

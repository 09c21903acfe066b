"""The AI bot that meets contacts first, and the elastic pool it runs on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.distributions import Distribution
from crestline.scenario.quantities import Duration, Length, Positive, Share, SomeShare


class Pool(Block):
    """Workers with slots each; more of them start when most slots are busy."""

    workers: Positive = Field(description="how many run when it is calm")
    at_most: Positive = Field(description="how many may run")
    slots: Positive = Field(description="how many contacts one worker holds at a time")
    scale_out_at: SomeShare = Field(0.75, description="the busy share of slots at which more workers start")
    step: Positive = Field(1, description="how many start or stop at a time")
    start_up: Duration = Field(description="how long a worker takes to be ready, such as 2min")
    scale_in_after: Duration = Field(600.0, description="how long it must be calm before workers stop")

    @model_validator(mode="after")
    def _room_to_grow(self) -> Pool:
        if self.at_most < self.workers:
            raise refuse(f"got {self.at_most}, expected at least as many as workers ({self.workers})", "at_most")
        return self


class Breaker(Block):
    """The circuit breaker before the bot: after failures in a row nobody is sent to it for a while.

    An attempt fails when the bot has not replied within ``timeout``, when an outage gives the contact back, or when
    its customer leaves the line for a slot. Closed, every contact tries the bot; open, none does; after ``open_for``
    it is half-open: one contact tries, and its success closes the breaker, its failure opens it again.
    """

    failures: Positive = Field(5, description="how many attempts fail in a row before it opens")
    timeout: Length = Field(30.0, description="how long a contact waits for the bot's reply, a slot included")
    open_for: Length = Field(60.0, description="how long it is open before one contact tries the bot again")


class Triage(Block):
    """The bot: replies to every contact, resolves some, hands the others to a skill."""

    reply_time: Distribution = Field(description="how long a reply takes, such as {lognormal: {mean: 12s, cv: 60%}}")
    accuracy: Share = Field(1.0, description="the share handed to the right skill, such as 94%")
    transfer_after: Duration = Field(30.0, description="an agent's time before passing on a contact of the wrong skill")
    pool: Pool = Field(description="where it runs: {workers, at_most, slots, start_up}")
    when_down: Literal["queue", "reject"] = Field("queue", description="where contacts go while it is down")
    breaker: Breaker | None = Field(
        None, description="when contacts stop trying a bot that does not answer: {failures, timeout, open_for}"
    )

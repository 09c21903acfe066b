"""What clients send, checked before anything is decided; what the desk does not use is let through."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

WAIT_LIMIT_S = 60.0
"""The longest a long-poll stays open; clients time out later than that."""


class Variant(BaseModel):
    """What another version of the bot makes of a contact, as far as it differs; ``fails``: it breaks over it."""

    resolves: bool | None = None
    routed_to: str | None = None
    fails: bool | None = None


class Meta(BaseModel):
    """The script of a rehearsal contact; what the desk does not use is let through.

    ``worse`` is what a bad release makes of it (fault triage-worse), ``candidate`` what the candidate does.
    """

    bot: bool | None = None
    reply_in: float | None = Field(default=None, ge=0)
    resolves: bool | None = None
    routed_to: str | None = None
    worse: Variant | None = None
    candidate: Variant | None = None


class OpenBody(BaseModel):
    """A first message."""

    key: str
    contact: str
    run: str = ""
    row: int = 0
    customer: int = 0
    vip: bool = False
    text: str = ""
    name: str = ""
    meta: Meta = Meta()


class TextBody(BaseModel):
    """A message."""

    text: str


class RatingBody(BaseModel):
    """A rating."""

    stars: int = Field(ge=1, le=5)


class LoginBody(BaseModel):
    """A session that begins."""

    name: str
    group: str
    run: str = ""
    skills: tuple[str, ...] | None = None


class NextBody(BaseModel):
    """Resolve and claim."""

    request: int
    done: int | None = None
    wait: float = Field(default=WAIT_LIMIT_S, ge=0)


class HeldBody(BaseModel):
    """Something about the conversation that a session holds."""

    conversation: int
    text: str = ""
    to: str = ""


class RehearsalBody(BaseModel):
    """A run that begins ``zero`` seconds from now."""

    run: str
    zero: float
    time_scale: float
    digest: str


class FaultBody(BaseModel):
    """A fault; it heals after ``for_s``, at the latest after ``ttl_s``.

    ``how`` and ``factor`` are of a brownout, ``every_s`` is how often the web worker is killed.
    """

    kind: Literal[
        "triage-outage", "triage-brownout", "triage-worse", "web-worker-kill", "storage-stall", "platform-outage",
        "pool-freeze",
    ]  # fmt: skip
    for_s: float = Field(gt=0)
    ttl_s: float = Field(gt=0)
    in_s: float = Field(default=0.0, ge=0)
    how: Literal["slow", "stop"] | None = None
    factor: float | None = Field(default=None, ge=1)
    every_s: float | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _says_how_often(self) -> FaultBody:
        if self.kind == "web-worker-kill" and self.every_s is None:
            msg = "every_s: a web-worker-kill needs it (real seconds between two kills, at least 1)"
            raise ValueError(msg)
        return self

    def options(self) -> dict[str, Any]:
        """What is particular to the kind."""
        return self.model_dump(include={"how", "factor", "every_s"}, exclude_none=True)


class ReleaseBody(BaseModel):
    """The release switch: the share of customers whom the candidate serves, for ``ttl_s`` at most."""

    share: float = Field(ge=0, le=1)
    version: str = "candidate"
    ttl_s: float | None = Field(default=None, gt=0)


class Frame(BaseModel):
    """What a frame of a chat begins with; ``n`` comes back with its answer."""

    n: int
    do: Literal["open", "follow", "say", "rate", "abandon"]


class FollowBody(BaseModel):
    """A conversation to go on with, behind event number ``after``."""

    conversation: int
    after: int = Field(default=0, ge=0)

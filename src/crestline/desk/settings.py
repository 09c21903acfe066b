"""What a desk is told when it starts; every duration in real seconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crestline.errors import UsageError


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BreakerSettings(_Frozen):
    """The circuit breaker before the bot."""

    failures: int = Field(ge=1)
    timeout: float = Field(gt=0)
    open_for: float = Field(gt=0)


class TriageSettings(_Frozen):
    """The elastic pool of triage workers."""

    workers: int = Field(ge=1)
    at_most: int = Field(ge=1)
    slots: int = Field(ge=1)
    scale_out_at: float = Field(gt=0)
    step: int = Field(ge=0)
    start_up: float = Field(ge=0)
    scale_in_after: float = Field(ge=0)
    when_down: Literal["queue", "reject"]
    tick: float = Field(gt=0)
    notice: float = Field(ge=0)
    breaker: BreakerSettings | None = None


class GroupSettings(_Frozen):
    """A group of agents and the skills it serves, the dearest to it first."""

    name: str
    skills: tuple[str, ...]


class Settings(_Frozen):
    """The whole desk. ``digest`` names the scenario it was made from, ``lease`` is the time for a first reply.

    ``mark`` is the header by which it knows a rehearsal's requests, ``alarm_wait`` the wait beyond which it raises an
    alarm itself.
    """

    digest: str
    time_scale: float = Field(gt=0)
    skills: tuple[str, ...]
    skip_bot: tuple[str, ...] = ()
    queue_limits: dict[str, int | None] = {}
    groups: tuple[GroupSettings, ...]
    triage: TriageSettings | None = None
    lease: float = Field(default=5.0, gt=0)
    mark: str = "X-Load-Test"
    alarm_wait: float = Field(default=60.0, gt=0)

    def order_of(self, group: str) -> int | None:
        """The place of a group in the file, None for an unknown one."""
        return next((i for i, g in enumerate(self.groups) if g.name == group), None)


def read_settings(path: Path) -> Settings:
    """The settings in a JSON file; raises ``UsageError`` that names every field that is not as it should be."""
    try:
        return Settings.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, json.JSONDecodeError) as error:
        msg = f"desk settings {path}: cannot be read ({error})"
        raise UsageError(msg) from error
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']} (got {e['input']!r})" for e in error.errors()]
        msg = "\n".join([f"desk settings {path}: {len(faults)} problems", *faults])
        raise UsageError(msg) from error

"""What complaints do after an incident: silence lets them grow, each thing that is said damps them (DOMAIN row 16).

The source names the phases and says "never silence"; it gives no figures, so ``leaves`` and ``at_most`` are
assumptions to be set from incidents of one's own, and ``grows`` has no default.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from crestline.scenario.block import Block
from crestline.scenario.quantities import Level, Share
from crestline.units import parse_duration, spell_duration

NEVER = "never"
HOUR_S = 3600.0


def _parse_when(value: object) -> float:
    return math.inf if value in (NEVER, math.inf) else parse_duration(value)


def _spell_when(value: float) -> str:
    return NEVER if math.isinf(value) else spell_duration(value)


When = Annotated[
    float,
    BeforeValidator(_parse_when),
    PlainSerializer(_spell_when, when_used="json"),
    WithJsonSchema({"type": "string", "examples": ["1h", NEVER]}),
]


class Phase(Block):
    """One thing that is said, and what it does."""

    at: When = Field(description="how long after the fault's effect it is done, such as 1h; or never")
    leaves: Share = Field(0.5, description="the share of complaints beyond the usual ones that remains, such as 50%")


def _phase(hours: int, what: str) -> Phase:
    phase: Phase = Field(Phase.model_validate({"at": f"{hours}h"}), description=what)
    return phase


class Phases(Block):
    """The golden four hours: what is said to customers, and when."""

    apology: Phase = _phase(1, "customers are told, and each case is traced")
    compensation: Phase = _phase(3, "who was harmed is offered something")
    press: Phase = _phase(4, "the public is told what happened")

    def named(self) -> dict[str, Phase]:
        """The phases by name, in the order of the handbook."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Incident(Block):
    """How complaints come in after the first fault takes effect; first contacts of the types marked ``complaint``."""

    grows: Level = Field(description="complaints beyond the usual ones for each hour of silence, such as 100%")
    at_most: Level = Field(3.0, description="complaints beyond the usual ones at most, such as 300%")
    phases: Phases = Field(Phases.model_validate({}), description="what is said, and when")

    @property
    def first_word(self) -> float:
        """After how many seconds the first thing is said; infinite where nothing is."""
        return min(phase.at for phase in self.phases.named().values())

    @property
    def course(self) -> tuple[list[float], list[float]]:
        """Seconds after the effect, and complaints beyond the usual then: up while nobody speaks, down by each word."""
        phases = self.phases.named().values()
        said = sorted((phase.at, phase.leaves) for phase in phases if math.isfinite(phase.at))
        full_s = self.at_most / self.grows * HOUR_S
        silent_s = min(full_s, said[0][0] if said else full_s)
        after_s, times = [0.0, silent_s], [0.0, self.grows * silent_s / HOUR_S]
        for at, leaves in said:
            after_s += [at, at]
            times += [times[-1], times[-1] * leaves]
        return after_s, times

    def silent(self) -> Incident:
        """The same incident, and nobody says anything."""
        never = {name: {"at": NEVER} for name in self.phases.named()}
        return self.model_copy(update={"phases": Phases.model_validate(never)})

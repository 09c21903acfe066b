"""Engines play a workload along a timeline in simulated time; all give the same outcomes, bit for bit."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from crestline.errors import UsageError

if TYPE_CHECKING:
    from crestline.scenario import Scenario
    from crestline.tables import Outcomes, Pools, Timeline, Workload


class Play(Protocol):
    """An engine: it plays a workload along a timeline, and says what became of every contact and who was busy when."""

    def __call__(self, scenario: Scenario, workload: Workload, timeline: Timeline, /) -> tuple[Outcomes, Pools]:
        """Play."""
        ...


COMPILED, SIMPY = "compiled", "simpy"
ENGINES = (COMPILED, SIMPY)
NO_NUMBA = (
    "numba is not installed, so the SimPy reference engine plays, which gives the same days about a hundred times "
    "more slowly; to have the compiled engine: pip install numba"
)


@cache
def _has_numba() -> bool:
    return find_spec("numba") is not None


def default_engine() -> str:
    """The compiled engine where numba is there to make it, else the reference."""
    return COMPILED if _has_numba() else SIMPY


def engine(name: str) -> Play:
    """The engine of a name; it is imported only now, since numba takes its time."""
    if name not in ENGINES:
        msg = f"--engine {name}: no such engine; expected one of {', '.join(ENGINES)}"
        raise UsageError(msg)
    if name == SIMPY:
        from crestline.engine import reference

        return reference.play
    if not _has_numba():
        msg = f"--engine {name}: {NO_NUMBA.split(',')[0]}; pip install numba, or take --engine simpy"
        raise UsageError(msg)
    from crestline.engine import compiled

    return compiled.play

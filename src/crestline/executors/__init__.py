"""Where days are played: threads of this process, a team of processes, a Dask cluster. Days are the same everywhere.

The compiled engine lets go of the interpreter while it plays, so that threads do for some days; many days are played
by a team, and the reference needs a process for every core. Importing this room costs nothing, so that processes can
come up while a scenario is being read.
"""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import AbstractContextManager

from crestline.engine import COMPILED
from crestline.executors.cores import cores
from crestline.executors.dask_cluster import cluster
from crestline.executors.players import Players, held_back
from crestline.executors.team import Team
from crestline.executors.threads import Threads

__all__ = ["MANY", "Players", "Team", "Threads", "executor_for", "executor_on", "held_back", "places"]

MANY = 100  # days, from which on further processes pay


def executor_for(engine: str, days: int = 1) -> Executor:
    """What plays so many days fastest on this machine."""
    if engine != COMPILED:
        return Players()
    return Team() if days >= MANY and cores() > 1 else Threads()


def executor_on(address: str | None, engine: str, days: int = 1) -> AbstractContextManager[Executor]:
    """A Dask cluster by the address of its scheduler, or what plays so many days fastest on this machine."""
    return cluster(address, engine) if address else executor_for(engine, days)


def places(executor: Executor) -> int:
    """How many days an executor plays at a time; as many as there are cores where it does not say."""
    told = getattr(executor, "places", None) or getattr(executor, "_max_workers", None)
    return int(told or cores())

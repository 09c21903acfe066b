"""Which engine plays, and what a user should know before it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crestline.cli.progress import Talk

COMPILING = "compiling the kernel, once (about 10 s)"


def chosen_engine(asked: str | None, said: Talk) -> str:
    """The engine that was asked for, or the fastest that is there, and what is to be said of it."""
    from crestline.engine import COMPILED, NO_NUMBA, SIMPY, default_engine, engine

    name = asked or default_engine()
    engine(name)  # one that is not there is refused
    if asked is None and name == SIMPY:
        said.say(NO_NUMBA)
    if name == COMPILED:
        from crestline.engine.compiled.kernel import run

        if not run.is_kept():
            said.say(COMPILING)
    return name

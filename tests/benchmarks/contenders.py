"""Who plays the common model: each simulator has a file of its own, with docstring, settings and play."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
from typing import NamedTuple, cast

from .model import MODEL, CommonModel, Seen
from .own_process import player

ALONE = ("cimba",)  # it does not compile any more once numba has compiled anything else


class Contender(NamedTuple):
    """One simulator that plays the model."""

    name: str
    plays: str  # file and function
    needs: str  # a package, or ``cc`` for a C compiler
    contacts: int  # how many it plays in one round
    draws: bool  # whether its time holds drawing the random numbers; else it reads them from columns
    leaves: str  # what is there after the play

    @property
    def is_ours(self) -> bool:
        """Whether it is an engine of this project."""
        return self.plays.startswith("in_crestline")

    @property
    def missing(self) -> str | None:
        """Why it cannot play here, or None."""
        if self.needs == "cc":
            return None if shutil.which("cc") else "there is no C compiler named cc"
        return None if importlib.util.find_spec(self.needs) else f"{self.needs} is not installed"

    def play(self, contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
        """Play so many contacts; what it needs is imported now."""
        file, function = self.plays.split(":")
        if self.needs in ALONE:
            return player(file)(contacts, seed, model)
        module = importlib.import_module(f".{file}", __package__)
        return cast("Seen", getattr(module, function)(contacts, seed, model))


OURS = "Crestline, compiled"
ROWS = "18 columns of each contact, a row of each change of the pool"
ROWS_IN_C = "4 columns of each contact, a row of each change of the pool"
RECORDS = "a record of each contact"

CONTENDERS = (
    Contender(OURS, "in_crestline:play_compiled", "numba", 75_000, False, ROWS),
    Contender("C, -O3", "in_c:play_columns", "cc", 75_000, False, ROWS_IN_C),
    Contender("Crestline, reference", "in_crestline:play_reference", "simpy", 75_000, False, ROWS),
    Contender(OURS, "in_crestline:sample_and_play", "numba", 75_000, True, ROWS),
    Contender("Crestline, in chunks", "in_crestline:play_in_chunks", "numba", 75_000, True, "counts and sums"),
    Contender("C, -O3", "in_c:draw_and_play", "cc", 75_000, True, ROWS_IN_C),
    Contender("cimba", "in_cimba:play", "cimba", 75_000, True, "three means"),
    Contender("SimPy", "in_simpy:play", "simpy", 75_000, True, RECORDS),
    Contender("Ciw", "in_ciw:play", "ciw", 75_000, True, RECORDS),
    Contender("salabim", "in_salabim:play", "salabim", 20_000, True, RECORDS),
)

"""The common model in C (``common.c``), compiled with ``cc -O3`` for this machine's own processor."""

from __future__ import annotations

import ctypes
import functools
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crestline.tables import Bools, Floats, Outcome, Workload

from .in_crestline import sampled
from .model import MODEL, CommonModel, CpuClock, Seen

SOURCE = Path(__file__).with_name("common.c")
COMPILE = ("cc", "-O3", "-march=native", "-shared", "-fPIC", str(SOURCE), "-lm", "-o")
POOL_ROWS_OF_A_CONTACT = 4  # comes, is claimed (two rows), frees the agent


class Columns(NamedTuple):
    """What there is to play: one row a contact."""

    gap_s: Floats
    handle_s: Floats
    patience_s: Floats
    vip: Bools


class PlayedInC(NamedTuple):
    """What happened: one row a contact, and one a change of the pool."""

    planned_s: Floats
    claimed_s: Floats
    ended_s: Floats
    outcome: NDArray[np.int8]
    pool_s: Floats
    busy: NDArray[np.int32]
    waiting: NDArray[np.int32]


def play_columns(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Play columns that were drawn by Crestline before the clock runs."""
    columns = from_workload(sampled(contacts, seed, model).workload)
    library()
    with CpuClock() as clock:
        played = play(columns, model.agents)
    return seen_in_c(columns, played, clock.seconds)


def draw_and_play(contacts: int, seed: int, model: CommonModel = MODEL) -> Seen:
    """Draw the columns in C and play them."""
    library()
    with CpuClock() as clock:
        columns = draw(contacts, seed, model)
        played = play(columns, model.agents)
    return seen_in_c(columns, played, clock.seconds)


def from_workload(workload: Workload) -> Columns:
    """The columns of a workload that the model uses."""
    return Columns(workload.gap_s, workload.handle_s, workload.patience_s, workload.vip)


def play(columns: Columns, agents: int) -> PlayedInC:
    """Every contact to its end."""
    n = len(columns.gap_s)
    most = POOL_ROWS_OF_A_CONTACT * n
    played = PlayedInC(
        planned_s=np.empty(n),
        claimed_s=np.empty(n),
        ended_s=np.empty(n),
        outcome=np.empty(n, np.int8),
        pool_s=np.empty(most),
        busy=np.empty(most, np.int32),
        waiting=np.empty(most, np.int32),
    )
    rows = library().play(n, agents, *addresses(columns), *addresses(played))
    return played._replace(pool_s=played.pool_s[:rows], busy=played.busy[:rows], waiting=played.waiting[:rows])


def draw(contacts: int, seed: int, model: CommonModel = MODEL) -> Columns:
    """Random columns by xoshiro256+."""
    columns = Columns(np.empty(contacts), np.empty(contacts), np.empty(contacts), np.empty(contacts, np.bool_))
    settings = (model.gap_s, model.handle_s, model.patience_s, model.vip_share)
    library().draw(contacts, seed, *settings, *addresses(columns))
    return columns


def seen_in_c(columns: Columns, played: PlayedInC, cpu_s: float) -> Seen:
    """The figures of a play."""
    left = played.outcome == Outcome.ABANDONED
    wait_s = np.where(left, played.ended_s, played.claimed_s) - played.planned_s
    return Seen(len(left), float(left.mean()), float(wait_s.mean()), float(wait_s[columns.vip].mean()), cpu_s)


def addresses(columns: Columns | PlayedInC) -> list[int]:
    """Where the columns lie, for C."""
    return [column.ctypes.data for column in columns]


@functools.cache
def library() -> ctypes.CDLL:
    """The compiled model."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "common.so"
        subprocess.run([*COMPILE, str(made)], check=True)
        loaded = ctypes.CDLL(str(made))
    loaded.play.restype = ctypes.c_int64
    loaded.play.argtypes = [ctypes.c_int64, ctypes.c_int32] + [ctypes.c_void_p] * 11
    loaded.draw.restype = None
    loaded.draw.argtypes = [ctypes.c_int64, ctypes.c_uint64] + [ctypes.c_double] * 4 + [ctypes.c_void_p] * 4
    return loaded

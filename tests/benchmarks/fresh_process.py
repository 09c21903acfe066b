"""What a process of its own needs: time until it has played something, and memory for a million contacts."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CONTACTS = 1_000_000
STATUS = Path("/proc/self/status")

START = """
from crestline.scenario import load
from crestline.workload import sample, timeline, window
from crestline.engine import engine
quick = load("quick")
span = window(quick)
engine("compiled")(quick, sample(quick, 1, span), timeline(quick, span))
"""
MILLION = f"""
import time
from benchmarks.fresh_process import peak_mb
from benchmarks.in_crestline import {{play}}
{{play}}(1000, 0)
started = time.perf_counter()
{{play}}({CONTACTS}, 1)
print(time.perf_counter() - started, peak_mb())
"""


class Million(NamedTuple):
    """A million contacts in a process of their own: medians over rounds."""

    seconds: float
    peak_mb: float


def play_start(rounds: int) -> float:
    """Seconds on the clock until a fresh process has played the scenario ``quick`` and ended; kernel in the cache."""
    run(START)
    return median(_seconds_of(START) for _ in range(rounds))


def play_million(rounds: int, play: str) -> Million:
    """Sample and play a million contacts of the common model by a function of ``in_crestline``."""
    code = MILLION.format(play=play)
    seconds, peaks = zip(*(map(float, run(code).split()) for _ in range(rounds)), strict=True)
    return Million(median(seconds), median(peaks))


def run(code: str) -> str:
    """What code prints in a fresh Python."""
    child = [sys.executable, "-c", code]
    return subprocess.run(child, env=with_benchmarks(), stdout=subprocess.PIPE, text=True, check=True).stdout


def with_benchmarks() -> dict[str, str]:
    """The environment of a process that finds the package and these benchmarks."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}


def _seconds_of(code: str) -> float:
    started = time.perf_counter()
    run(code)
    return time.perf_counter() - started


def peak_mb() -> float:
    """The most memory that this process ever held; Linux counts its parent's into what it says of a child's usage."""
    if STATUS.exists() and (found := re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))):
        return int(found[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts in bytes

"""``make bench-large``: forecast one day of 100 million contacts, and say how long it took and what memory.

This process stays small itself, because Linux counts a parent's memory into its child's peak.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

SCENARIO = Path(__file__).with_name("national-day.yaml")
INCONCLUSIVE = 3  # as one day alone is
KIB = 1024 if sys.platform.startswith("linux") else 1  # macOS counts in bytes


def main() -> None:
    """Play, and print one line."""
    command = [sys.executable, "-m", "crestline", "forecast", str(SCENARIO), "--replications", "1", "--format", "json"]
    started = time.perf_counter()
    with subprocess.Popen([*command, *sys.argv[1:]], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        printed = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if child.returncode not in {0, 1, INCONCLUSIVE}:
        sys.exit(f"crestline forecast ended with {child.returncode}; what it said is above")
    contacts = sum(row["offered"] or 0 for row in json.loads(printed)["intervals"])
    print(f"{contacts:,.0f} contacts in {seconds:.1f} s, {used.ru_maxrss * KIB / 2**20:,.0f} MiB at most")


if __name__ == "__main__":
    main()

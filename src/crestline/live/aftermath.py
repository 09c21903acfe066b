"""Whether recovery has been seen: asked while a live run goes on, and answered by a process of its own.

The judgement needs tables and statistics, which would hold up the run's loop. ``python -m crestline.live.aftermath
FOLDER`` reads an instant a line and answers ``1`` or ``0``; it ends when its input does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crestline import workload
from crestline.live.records import Records
from crestline.measures import recovered
from crestline.scenario import load


def has_recovered(folder: Path, now_s: float) -> bool:
    """Whether every fault of the run in ``folder`` has been recovered from by an instant, or given up."""
    scenario = load(folder / "scenario.yaml")
    span = workload.window(scenario)
    seen = Records(folder, scenario, workload.timeline(scenario, span)).faults_seen()
    line = workload.timeline(scenario, span, stop_s=max(now_s, span.end_s), seen=seen)
    records = Records(folder, scenario, line)
    return recovered(records.outcomes(), records.pools(), scenario, line, now_s)


def main() -> None:
    """Answer until the input ends."""
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        print(int(has_recovered(folder, float(line))), flush=True)


if __name__ == "__main__":
    main()

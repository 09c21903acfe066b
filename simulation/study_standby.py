"""How soon must standby agents be there? The same days, with shorter and longer call-in times.

    python simulation/study_standby.py [SCENARIO] [--call-in 2min 5min 10min] [--replications 6] [--seed 1]

Every variant is played on the same customers: what the lines differ by is the call-in time and not luck.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import crestline

MEASURES = ("agent_frt_p90_s", "abandonment", "cost_per_contact")
LINE = "{:<8}" + "{:>28}" * len(MEASURES)


class Variant(NamedTuple):
    """A call-in time and, for each of MEASURES, its mean over the days with a 95 % interval."""

    call_in: str
    estimates: tuple[tuple[float | None, float | None, float | None], ...]


def compare(
    scenario: str | Mapping[str, Any], call_ins: Sequence[str], replications: int, seed: int
) -> tuple[Variant, ...]:
    """The scenario forecast once for every call-in time."""
    return tuple(variant(scenario, call_in, replications, seed) for call_in in call_ins)


def variant(scenario: str | Mapping[str, Any], call_in: str, replications: int, seed: int) -> Variant:
    """The scenario forecast with one call-in time."""
    changed = crestline.load(scenario, [f"standby.call_in={call_in}"])
    measures = crestline.forecast(changed, replications=replications, seed=seed).measures
    return Variant(call_in, tuple((measures[key].value, measures[key].low, measures[key].high) for key in MEASURES))


def spelled(estimate: tuple[float | None, float | None, float | None]) -> str:
    """A mean with its interval, where there is one."""
    value, low, high = estimate
    if value is None:
        return "-"
    return f"{value:.3g}" if low is None or high is None else f"{value:.3g} [{low:.3g}, {high:.3g}]"


def main() -> None:
    """Print one line for each call-in time."""
    parser = argparse.ArgumentParser(description="Compare call-in times of standby agents.")
    parser.add_argument("scenario", nargs="?", default="promotion-day", help="a shipped name or a file")
    parser.add_argument("--call-in", nargs="+", default=["2min", "5min", "10min"], metavar="TIME")
    parser.add_argument("--replications", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(LINE.format("call-in", *MEASURES))
    for line in compare(chosen.scenario, chosen.call_in, chosen.replications, chosen.seed):
        print(LINE.format(line.call_in, *map(spelled, line.estimates)))


if __name__ == "__main__":
    main()

"""``make bench``: play all of it, print the tables, and put them into the README with ``--write``."""

from __future__ import annotations

import argparse
import sys

from .contenders import CONTENDERS
from .fresh_process import ROOT, play_million, play_start
from .full_model import play_engines, play_places
from .machine import describe_machine
from .rounds import play_rounds
from .table import common_table, put_between_marks, whole_table

README = ROOT / "README.md"
ROUNDS = 5


def main() -> None:
    """Measure, print and write."""
    asked = arguments()
    for contender in CONTENDERS:
        if contender.missing:
            say(f"left out: {contender.name}: {contender.missing}")
    played = play_rounds(CONTENDERS, asked.rounds, say)
    say("promotion-day by both engines")
    engines = play_engines(asked.rounds)
    say("two cores")
    places = play_places(asked.rounds)
    say("fresh processes")
    at_once, in_chunks = (play_million(asked.rounds, play) for play in ("sample_and_play", "play_in_chunks"))
    start_s = play_start(asked.rounds)
    lines = [
        *("", *common_table(played)),
        *("", *whole_table(engines, places, at_once, in_chunks, start_s)),
        *("", f"Medians of {asked.rounds} interleaved rounds on {describe_machine()}.", ""),
    ]
    print("\n".join(lines))
    if asked.write:
        README.write_text(put_between_marks(README.read_text(encoding="utf-8"), lines), encoding="utf-8")
        say(f"written into {README.name}")


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure how fast Crestline is, beside others.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each plays (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the tables between the marks in README.md")
    return parser.parse_args()


def say(text: str) -> None:
    """What is going on, beside the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

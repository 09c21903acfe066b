"""``make faults``: every kind of fault once live on the reference desk and once simulated.

Prints the table, and puts it into the README with ``--write``. Drills of twelve seconds each, so that the times are
rough; that each fault took effect and was undone is not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ..machine import describe_machine  # noqa: TID252 - the package has another name where it is tested
from ..table import put_between_marks  # noqa: TID252
from .plays import KINDS, Seen, play
from .table import BEGIN, END, fault_table

README = Path(__file__).parents[3] / "README.md"


def main() -> None:
    """Play, print and write."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as place:
        played = {}
        for number, kind in enumerate(asked.kinds or KINDS):
            folder = Path(place) / str(number)
            folder.mkdir()
            played[kind] = play(kind, folder)
            print(f"{kind}: {played[kind]}", file=sys.stderr, flush=True)
    lines = ["", *fault_table(played), "", about(played), ""]
    print("\n".join(lines))
    if asked.write:
        README.write_text(put_between_marks(README.read_text(encoding="utf-8"), lines, BEGIN, END), encoding="utf-8")
        print(f"written into {README.name}", file=sys.stderr)


def about(played: dict[str, Seen]) -> str:
    """Where the figures come from."""
    lost, doubled = (sum(getattr(seen, what) for seen in played.values()) for what in ("lost", "doubled"))
    return (
        f"One drill of `quick` each (12 min in 12 s, 200 %) on {describe_machine()}; times are of the scenario. "
        f"Over all of them {lost} contacts were lost and {doubled} doubled."
    )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make faults", description="Play every kind of fault, live and simulated.")
    parser.add_argument("kinds", nargs="*", help="only these, as the table names them")
    parser.add_argument("--write", action="store_true", help="put the table between the marks in README.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()

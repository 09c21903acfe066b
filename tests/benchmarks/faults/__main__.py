"""``make faults``: every kind of fault once live on the reference desk and once simulated.

Prints the table, and puts it into the README with ``--write``. Drills of twelve or twenty seconds, so that times are
rough; that each fault took effect, was detected and was undone is not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
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
        for number, kind in enumerate(chosen(asked.kinds)):
            folder = Path(place) / str(number)
            folder.mkdir()
            played[kind] = play(kind, folder)
            print(f"{kind}: {played[kind]}", file=sys.stderr, flush=True)
    lines = ["", *fault_table(played), "", about(played), ""]
    print("\n".join(lines))
    if asked.write:
        README.write_text(put_between_marks(README.read_text(encoding="utf-8"), lines, BEGIN, END), encoding="utf-8")
        print(f"written into {README.name}", file=sys.stderr)


def chosen(words: Sequence[str]) -> list[str]:
    """The rows that begin with one of these words; all of them where there are none."""
    return [kind for kind in KINDS if not words or plain(kind).startswith(tuple(words))]


def plain(kind: str) -> str:
    """A row's name as it is typed."""
    return kind.replace("`", "")


def about(played: dict[str, Seen]) -> str:
    """Where the figures come from."""
    lost, doubled = (sum(getattr(seen, what) for seen in played.values()) for what in ("lost", "doubled"))
    return (
        f"One drill of `quick` each (12 or 20 min, 60 times as fast, 200 %) on {describe_machine()}; times are of the "
        f"scenario. Over all of them {lost} contacts were lost and {doubled} doubled. A killed web worker costs as "
        "long as it takes to start anew, which the forecast does not know."
    )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make faults", description="Play every kind of fault, live and simulated.")
    parser.add_argument("kinds", nargs="*", help="only rows that begin so, as in 'wire' or 'wire, latency'")
    parser.add_argument("--write", action="store_true", help="put the table between the marks in README.md")
    asked = parser.parse_args()
    if asked.write and asked.kinds:
        parser.error("--write puts the whole table into README.md: name no kinds")
    if unknown := [word for word in asked.kinds if not chosen([word])]:
        parser.error(f"{unknown[0]}: no row of the table begins so; rows: {', '.join(map(plain, KINDS))}")
    return asked


if __name__ == "__main__":
    main()

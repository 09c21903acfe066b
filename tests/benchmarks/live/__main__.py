"""``make bench-live``: the injector beside stock Locust and a plain open-loop client, all against one server.

Prints the tables, and puts them into the README with ``--write``. It wants two cores for itself: how much others used
meanwhile is printed, too.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from ..machine import describe_machine  # noqa: TID252 - the package has another name where it is tested
from ..table import put_between_marks  # noqa: TID252
from .clients import ROOT, Client, Told, crestline, open_loop, throughput, unpaced
from .measure import Seen, Server, play, play_standstill, serve, standstill_p99_ms
from .table import BARE, BEGIN, END, JOURNEY, OPEN_LOOP, SINGLE, THROUGHPUT, load_table, standstill_table

README = ROOT / "README.md"
ROUNDS = 3
SECONDS, WINDOW_S = 12.0, 7.0  # of each play, and of these the ones that are looked at
USERS = 50  # of stock Locust
SINGLE_PER_S, JOURNEY_PER_S = 4000.0, 1500.0  # requests
STILL_PER_S, STILL_SECONDS, STOP_S = 500.0, 20.0, 2.0

Make = Callable[[str, int], Client]  # from the server's address and the number of the play


def main() -> None:
    """Measure, print and write."""
    asked = arguments()
    with serve() as server, tempfile.TemporaryDirectory() as place:
        runs = Path(place)
        ceiling = play_wrk(server)
        played = play_rounds(server, loads(runs), asked.rounds)
        still = play_still(server, runs)
    lines = [
        *("", *load_table(played, ceiling)),
        *("", *standstill_table(still, standstill_p99_ms(STILL_SECONDS, STOP_S))),
        *("", about(played, asked.rounds), ""),
    ]
    print("\n".join(lines))
    if asked.write:
        README.write_text(put_between_marks(README.read_text(encoding="utf-8"), lines, BEGIN, END), encoding="utf-8")
        say(f"written into {README.name}")


def loads(runs: Path) -> dict[str, Make]:
    """Who plays in each round."""
    return {
        BARE: lambda host, _: unpaced(host, USERS, SECONDS),
        OPEN_LOOP: lambda host, _: open_loop(host, SINGLE_PER_S, SECONDS),
        SINGLE: lambda host, n: crestline(host, "SingleRequest", SINGLE_PER_S, SECONDS, runs / f"single-{n}", n),
        JOURNEY: lambda host, n: crestline(host, "Journey", JOURNEY_PER_S, SECONDS, runs / f"journey-{n}", n),
    }


def play_rounds(server: Server, clients: Mapping[str, Make], rounds: int) -> dict[str, list[Seen]]:
    """In each round everyone plays once, so that a busy moment of the machine hits all alike."""
    played: dict[str, list[Seen]] = {name: [] for name in clients}
    for number in range(1, rounds + 1):
        for name, make in clients.items():
            seen = play(server, make(server.host, number), WINDOW_S)
            say(f"round {number} of {rounds}: {name}: {seen}")
            played[name].append(seen)
    return played


def play_still(server: Server, runs: Path) -> dict[str, Told]:
    """What each says of a server that stands still; one after the other, so that none waits for another."""
    clients = {
        OPEN_LOOP: open_loop(server.host, STILL_PER_S, STILL_SECONDS),
        "Crestline": crestline(server.host, "SingleRequest", STILL_PER_S, STILL_SECONDS, runs / "still"),
        THROUGHPUT: throughput(server.host, STILL_PER_S, USERS, STILL_SECONDS),
    }
    told = {}
    for name, client in clients.items():
        (told[name],) = play_standstill(server, [client], STILL_SECONDS, STOP_S)
        say(f"standstill: {name}: {told[name]}")
    return told


def play_wrk(server: Server) -> float | None:
    """Requests a second of a client that does nothing else; None where there is none."""
    if not shutil.which("wrk"):
        return None
    command = ["wrk", "-t1", f"-c{USERS}", "-d3", f"{server.host}/"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec: +([\d.]+)", printed)
    return float(found[1]) if found else None


def about(played: Mapping[str, list[Seen]], rounds: int) -> str:
    """Where the figures come from, and what else they say."""
    share = median(mine.per_s / bare.per_s for mine, bare in zip(played[SINGLE], played[BARE], strict=True))
    sent, planned = (
        median(getattr(seen.told, what) for seen in played[SINGLE]) for what in ("dispersion", "planned_dispersion")
    )
    others = median(seen.others for of_one in played.values() for seen in of_one)
    return (
        f"Medians of {rounds} interleaved rounds on {describe_machine()}; other processes used {others:.2f} cores. "
        f"{share:.0%} of what bare Locust can send was planned for single requests; "
        f"of those sent in 100 ms, variance / mean is {sent:.2f} ({planned:.2f} as planned)."
    )


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench-live", description="Measure how true and how cheap the load is.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each plays (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="put the tables between the marks in README.md")
    return parser.parse_args()


def say(text: str) -> None:
    """What is going on, beside the tables."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

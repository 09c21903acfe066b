"""``python -m crestline.desk SETTINGS.json``: a desk from its settings, as a drill starts it."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from crestline.desk.supervisor import Options, supervise
from crestline.errors import CrestlineError


def main() -> int:
    """Parse, supervise, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m crestline.desk", description="The reference service desk.")
    parser.add_argument("settings", type=Path, help="settings JSON; durations in real seconds")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--db", type=Path, help="SQLite file to keep; left out: a temporary one")
    parser.add_argument("--allow-faults", action="store_true", help="needs CRESTLINE_DESK_TOKEN")
    parser.add_argument("--parent-pipe", type=int, metavar="FD", help="end when this descriptor does; 0 is stdin")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="desk: %(message)s")
    try:
        return supervise(Options(given.settings, given.port, given.db, given.allow_faults, given.parent_pipe))
    except CrestlineError as error:
        print(error, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())

"""``python -m crestline`` and the command ``crestline``: an error is words on stderr and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from crestline.errors import CrestlineError, Interrupted

INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run the command with these arguments (the process's own by default) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a sign that a terminal does not know loses no report
    try:
        from crestline.cli.app import app

        app(args=args, prog_name="crestline")
    except CrestlineError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except Interrupted as stopped:
        sys.stderr.write(f"{stopped}\n")
        return stopped.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main())

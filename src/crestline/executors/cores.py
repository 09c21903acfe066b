"""How much this machine plays at a time."""

from __future__ import annotations

import os


def cores() -> int:
    """Of this machine."""
    return os.cpu_count() or 1

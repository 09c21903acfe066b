"""What columns leave behind stays with the process, for the columns of the next day.

The C library hands larger pieces back to the system at once, and asks for them again a day later, page by page: an
eighth of the time of a plan of thousands of days.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3  # of mallopt(3), glibc
MIB = 1024 * 1024
KEPT = ((MMAP_THRESHOLD, 4 * MIB), (TRIM_THRESHOLD, 256 * MIB), (TOP_PAD, 16 * MIB))


@cache
def keep_memory() -> None:
    """Keep up to 256 MiB for pieces below 4 MiB; nothing where the C library is another."""
    if sys.platform == "linux":
        tell = getattr(ctypes.CDLL(None), "mallopt", lambda *_: 0)
        for parameter, size in KEPT:
            tell(parameter, size)

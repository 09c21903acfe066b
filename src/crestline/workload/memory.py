"""Whether a play fits into memory, asked before it begins."""

from __future__ import annotations

from crestline.errors import UsageError

ALWAYS_THERE = 100e6  # bytes: less is not asked for
SMALLER = "lower the rate or the level, or take a shorter day or window"


def require_memory(needed: float, what: str, instead: str = SMALLER) -> None:
    """Refuse what needs more bytes than are available; ``what`` says for whom, ``instead`` what to do about it."""
    if needed < ALWAYS_THERE:
        return
    import psutil  # type: ignore[import-untyped]

    available = psutil.virtual_memory().available
    if needed > available:
        msg = f"demand: {what} need about {_gigabytes(needed)} of memory, {_gigabytes(available)} are free; {instead}"
        raise UsageError(msg)


def _gigabytes(number: float) -> str:
    return f"{number / 1e9:,.1f} GB"

"""A picture of the report: its finding, what it shows, the same as a table, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Twin:
    """The same as a picture shows, as a table."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """One picture; ``draw`` fills a figure, for a page or (narrow) for a phone."""

    name: str  # of its file
    title: str  # the finding, in a sentence
    about: str  # what is drawn: for who cannot see it, and below it
    twin: Twin
    draw: Callable[[Figure, bool], None]
    height: float = 4.0  # inches
    narrow_height: float | None = None

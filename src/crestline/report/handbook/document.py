"""A document as plain parts, so that it is written once and shown as Markdown and as a page."""

from __future__ import annotations

from typing import NamedTuple

BLANK = "________________"  # to be filled in by hand


class Table(NamedTuple):
    """Rows under a head; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Lines(NamedTuple):
    """One thing a line; ``numbered`` where the order counts."""

    lines: tuple[str, ...]
    numbered: bool = False


class Card(NamedTuple):
    """A few words that stand for themselves."""

    title: str
    under: str
    lines: tuple[str, ...] = ()


class Cards(NamedTuple):
    """Cards side by side, read from left to right."""

    cards: tuple[Card, ...]


class Text(NamedTuple):
    """A paragraph."""

    text: str


Block = Table | Lines | Cards | Text


class Section(NamedTuple):
    """A heading and what stands below it."""

    name: str
    title: str
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A title, a sentence, facts, and sections."""

    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

"""A document as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from crestline.report.handbook.document import Block, Cards, Document, Lines, Table, Text


def markdown(document: Document) -> str:
    """The whole of it; ends with a line break."""
    parts = [f"# {document.title}", document.sentence]
    parts += ["\n".join(f"- **{name}**: {fact}" for name, fact in document.facts)] if document.facts else []
    for section in document.sections:
        parts += [f"## {section.title}", *(_shown(block) for block in section.blocks)]
    return "\n\n".join(parts) + "\n"


def _shown(block: Block) -> str:
    match block:
        case Text(text=text):
            return text
        case Lines(lines=lines, numbered=numbered):
            return "\n".join(f"{f'{i}.' if numbered else '-'} {line}" for i, line in enumerate(lines, 1))
        case Cards(cards=cards):
            return "\n".join(line for card in cards for line in _card(card.title, card.under, card.lines))
        case Table(head=head, rows=rows):
            rules = tuple("---" for _ in head)
            return "\n".join(f"| {' | '.join(map(_cell, row))} |" for row in (head, rules, *rows))


def _card(title: str, under: str, lines: tuple[str, ...]) -> Iterator[str]:
    yield f"- **{title}**: {under}"
    yield from (f"  - {line}" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

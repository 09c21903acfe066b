"""What a run could not see of its target, and what it has left there, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crestline.measures import keys
from crestline.report import words

NOT_MEASURED = "not measured"
PARTS = {
    "integrity": "lost and doubled contacts",
    "triage": "the bot's pool",
    "agreement": "the agreement with the same rows simulated",
}
MANY = 5  # measures beyond which they are not named one by one


def value(run: Mapping[str, Any], key: str, text: str) -> str:
    """What stands for a measured value: the text, or that it was not measured."""
    lacks = run.get("not_measured") or {}
    return NOT_MEASURED if text == words.NOTHING and keys.split(key).name in lacks else text


def sentences(run: Mapping[str, Any]) -> list[str]:
    """What was not measured, a sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in (run.get("not_measured") or {}).items():
        by_reason.setdefault(why, []).append(PARTS.get(name) or words.measure_name(name))
    return [f"{_named(names)}: {NOT_MEASURED}, {why}" for why, names in by_reason.items()]


def _named(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= MANY else "whatever depends on people who answer"


def left_sentence(run: Mapping[str, Any]) -> str:
    """What the run has left at a target that goes on without it; empty where there is nothing to say."""
    left = run.get("left")
    if not left:
        return ""
    made, more = words.count(left["conversations"]), left.get("unanswered") or 0
    doubt = f"; {words.count(more)} more may have been opened, of which no id came back" if more else ""
    if left.get("cleaned"):
        return f"nothing: the target has forgotten the run and its {made} conversations{doubt}"
    return f"{made} conversations are still at the target, since {left['why']}; their ids: {left['file']}{doubt}"


def remarks(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Both, each with the word that introduces it."""
    yield from (("UNSEEN", sentence) for sentence in sentences(run))
    if left := left_sentence(run):
        yield "LEFT", left

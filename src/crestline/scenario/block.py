"""What every part of a scenario has in common: frozen, no unknown keys, and errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from crestline.units import show

Place = tuple[str | int, ...]


class Block(BaseModel):
    """One noun of a scenario. Every error below it reads ``got ..., expected ...`` and knows its place."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=True)

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, value: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return validate(value)
        except ValidationError as error:
            raise refusal(_reworded(cls, e) for e in error.errors()) from None


def spelled(block: Block) -> dict[str, Any]:
    """The fields of a block as they are written in a file."""
    return block.model_dump(mode="json", by_alias=True, exclude_none=True)


def refusal(problems: Iterable[tuple[str, str, Place]]) -> ValidationError:
    """Problems (kind, words, place) as one error; inside a validator they join those of the surrounding block."""
    details = [
        InitErrorDetails(type=PydanticCustomError(kind, "{words}", {"words": words}), loc=place, input=None)
        for kind, words, place in problems
    ]
    return ValidationError.from_exception_data("scenario", details)


def refuse(words: str, *place: str | int) -> ValidationError:
    """One problem, at a place below the value that is being read."""
    return refusal([("wrong", words, place)])


def nearest(name: object, known: Iterable[str]) -> str:
    """What to do about a name that is not known: the nearest one, or the whole choice."""
    names = list(known)
    close = get_close_matches(str(name), names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"expected one of {', '.join(names)}" if names else "none is expected here"


def _reworded(block: type[BaseModel], error: ErrorDetails) -> tuple[str, str, Place]:
    kind, place = error["type"], tuple(error["loc"])
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        place = (*place, str(error["ctx"]["discriminator"]).strip("'"))
    if kind in WORDS:
        return KINDS.get(kind, "wrong"), WORDS[kind](block, error), place
    return kind, error["msg"], place


def _keys(block: type[BaseModel]) -> Mapping[str, str]:
    """The keys of a block as they stand in the file, and what belongs there."""
    return {f.alias or name: f.description or "" for name, f in block.model_fields.items()}


def _from_parser(_: type[BaseModel], error: ErrorDetails) -> str:
    return str(error["ctx"]["error"])


def _missing(block: type[BaseModel], error: ErrorDetails) -> str:
    meaning = _keys(block).get(str(error["loc"][-1]), "")
    return "missing" + (f"; expected {meaning}" if meaning else "")


def _unknown_key(block: type[BaseModel], error: ErrorDetails) -> str:
    return f"unknown key; {nearest(error['loc'][-1], _keys(block))}"


def _unknown_word(_: type[BaseModel], error: ErrorDetails) -> str:
    known = re.findall(r"'([^']*)'", error["ctx"]["expected"]) or [error["ctx"]["expected"]]
    if error["loc"][-1:] == ("[key]",):
        return f"unknown key; {nearest(error['input'], known)}"
    return f"got {show(error['input'])}, expected {' or '.join(known)}"


def _unknown_kind(_: type[BaseModel], error: ErrorDetails) -> str:
    known = [tag.strip("' ") for tag in error["ctx"]["expected_tags"].split(",")]
    return f"got {show(error['ctx']['tag'])}; {nearest(error['ctx']['tag'], known)}"


def _no_kind(*_: object) -> str:
    return "missing; expected the kind of fault, such as triage-outage"


def _no_text_key(*_: object) -> str:
    return "unknown key; keys are text"


def _no_mapping(_: type[BaseModel], error: ErrorDetails) -> str:
    return f"got {show(error['input'])}, expected a mapping"


def _no_list(_: type[BaseModel], error: ErrorDetails) -> str:
    return f"got {show(error['input'])}, expected a list"


WORDS: dict[str, Callable[[type[BaseModel], ErrorDetails], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "value_error": _from_parser,
    "literal_error": _unknown_word,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _no_kind,
    "model_type": _no_mapping,
    "model_attributes_type": _no_mapping,
    "dict_type": _no_mapping,
    "tuple_type": _no_list,
    "invalid_key": _no_text_key,
}
KINDS = {"missing": "absent", "union_tag_not_found": "absent"}

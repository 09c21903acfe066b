"""An adapter in a live run: whatever it raises is an error of the target, told once, in words, without secrets."""

# ruff: noqa: ARG002 - careless adapters do not look at what they are told
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from crestline.errors import TargetError
from crestline.live.adapters import Refused
from crestline.live.adapters.desk import DeskAdapter
from crestline.live.spoken import LONGEST, MOST, Broken, Trouble, brief, speak
from crestline.live.transport import HIDDEN, Transport
from crestline.live.wire import Wire


class Careless(DeskAdapter):
    """An adapter with mistakes in it."""

    def health(self) -> Any:
        nothing: dict[str, Any] = {}
        return nothing["pools"]

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        yield {"row": 0}
        raise ValueError("hunter2\nin two lines")

    def heal(self, fault: str) -> None:
        raise Refused("DELETE", 500, "hunter2")


def test_whatever_an_adapter_raises_is_an_error_of_the_target_told_once_and_without_secrets() -> None:
    told: list[str] = []
    trouble = Trouble(Transport("", secrets=("hunter2",)), told.append)
    spoken = speak(Careless, Wire("http://127.0.0.1:9"), trouble)
    for _ in range(3):
        with pytest.raises(TargetError, match=r"health: the adapter raised KeyError \('pools'\)"):
            spoken.health()
    with pytest.raises(TargetError, match="two lines"):
        spoken.export("r")
    with pytest.raises(Refused) as refused:
        spoken.heal("1")
    assert str(refused.value) == f"DELETE: the target answered 500 ({HIDDEN})"
    assert told == ["health: the adapter raised KeyError ('pools')",
                    f"export: the adapter raised ValueError ({HIDDEN} in two lines)"]  # fmt: skip
    assert trouble.causes.most_common(1) == [(told[0], 3)]
    assert trouble.raised.total() == 4
    assert spoken.capabilities is Careless.capabilities


def test_what_goes_wrong_as_an_adapter_is_made_is_told_alike() -> None:
    class Unmade(DeskAdapter):
        def __init__(self, http: Any) -> None:
            raise KeyError("front")

    with pytest.raises(TargetError, match=r"adapter: the adapter raised KeyError"):
        speak(Unmade, Wire("http://127.0.0.1:9"), Trouble(Transport(""), None))


def test_a_cause_is_one_line_and_no_longer_than_that() -> None:
    """Pages of errors are long."""
    assert brief("<html>\n  <b>no</b>\n</html>\n") == "<html> <b>no</b> </html>"
    assert brief("x" * LONGEST) == "x" * LONGEST
    assert brief("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"


def test_causes_that_are_all_different_do_not_pile_up() -> None:
    """Those that are known already are still counted."""
    trouble = Trouble(Transport(""), None)
    for number in range(MOST + 10):
        trouble.note(TargetError(f"GET /tickets/{number}"))
    trouble.note(TargetError("GET /tickets/3"))
    assert (len(trouble.causes), trouble.causes["GET /tickets/3"]) == (MOST, 2)


def test_errors_of_an_adapter_that_are_all_different_are_told_up_to_a_number() -> None:
    """Neither a log nor a table fills up with them."""
    told: list[str] = []
    trouble = Trouble(Transport(""), told.append)
    for number in [*range(MOST + 10), 3]:
        trouble.note(Broken("claim", KeyError(number)))
    assert len(told) == len(trouble.raised) == MOST
    assert trouble.raised["claim: the adapter raised KeyError (3)"] == 2

"""Which column of a call-by-call log holds what: names that are recognised, and the flags that say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from crestline.errors import Problem, ScenarioError


class Role(NamedTuple):
    """One thing that a log can tell: its flag, what it means, the names it usually has and whether it must be there."""

    meaning: str
    known: tuple[str, ...]
    needed: bool = False

    def flag(self, name: str) -> str:
        """The flag that names this role's column, for example ``--wait-column``."""
        return f"--{name}-column"


ROLES: dict[str, Role] = {
    "arrival": Role(
        "when the contact came (a time stamp, or a clock time beside a date)", ("vru_entry", "arrival", "start"), True
    ),
    "wait": Role("how long it waited for an agent", ("q_time", "wait_s", "wait"), True),
    "handle": Role("how long an agent held it", ("ser_time", "handle_s", "handle_time"), True),
    "outcome": Role("how it ended", ("outcome", "status"), True),
    "date": Role("the date, where arrival is a clock time", ("date",)),
    "menu": Role("how long the menu before the queue took", ("vru_time", "menu_s")),
    "queued": Role("when it joined the queue; empty or 0:00:00 if it never did", ("q_start",)),
    "contact": Role("the contact type", ("type", "contact", "queue")),
    "customer": Role("who it was; empty or 0 if unknown", ("customer", "customer_id")),
    "priority": Role("the customer's priority", ("priority",)),
    "agent": Role("who served it", ("agent", "agent_id")),
}

BANK = frozenset({"vru_entry", "vru_exit", "vru_time", "q_start", "q_exit", "q_time", "ser_start", "ser_exit"})
BANK_SOURCE = "data: Anonymous Bank, Technion, A. Mandelbaum and the SEE Center"
BANK_ZONE = "Asia/Jerusalem"


ANSWERED = ("AGENT", "answered", "agent_resolved", "handled")
ABANDONED = ("HANG", "abandoned", "hung_up")
VIP = ("2", "vip", "high")


@dataclass(frozen=True)
class Columns:
    """How to read a log: the column of every role (those named, else those recognised) and what its words mean."""

    named: Mapping[str, str] = field(default_factory=dict)
    answered: tuple[str, ...] = ANSWERED
    abandoned: tuple[str, ...] = ABANDONED
    vip: tuple[str, ...] = VIP

    @classmethod
    def of(
        cls,
        named: Mapping[str, str | None],
        answered: Sequence[str] | None,
        abandoned: Sequence[str] | None,
        vip: Sequence[str] | None,
    ) -> Self:
        """From flags, where those not given stand at what is recognised."""
        given = {role: name for role, name in named.items() if name}
        return cls(given, tuple(answered or ANSWERED), tuple(abandoned or ABANDONED), tuple(vip or VIP))

    @property
    def flags(self) -> list[str]:
        """The flags that say the same on a command line."""
        words = [word for role, name in self.named.items() for word in (ROLES[role].flag(role), name)]
        for flag, given, usual in (
            ("--answered-value", self.answered, ANSWERED),
            ("--abandoned-value", self.abandoned, ABANDONED),
            ("--vip-value", self.vip, VIP),
        ):
            words += [word for value in given if given != usual for word in (flag, value)]
        return words

    def found(self, header: Iterable[str], source: str) -> dict[str, str]:
        """Role -> column for the header of ``source``; raises a ScenarioError that names everything missing at once."""
        names = list(header)
        chosen, problems = {}, []
        for role, (meaning, known, needed) in ROLES.items():
            name = self.named.get(role) or next((k for k in known if k in names), None)
            if name in names and name is not None:
                chosen[role] = name
            elif role in self.named or needed:
                looked = f'"{name}"' if name else " or ".join(f'"{k}"' for k in known)
                problems.append(
                    f"no column {looked}, which would say {meaning}; the file has {', '.join(names)}; "
                    f"name the right one with {ROLES[role].flag(role)}"
                )
        if problems:
            raise ScenarioError(source, [Problem(1, 1, p) for p in problems])
        return chosen


def is_bank(header: Iterable[str]) -> bool:
    """Whether this is the call log of the Technion's Anonymous Bank, which asks to be acknowledged."""
    return set(header) >= BANK

"""Whether the target lost or doubled anything: its own log held against the harness's records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crestline.errors import TargetError
from crestline.live import adapters
from crestline.live.plan import Plan
from crestline.live.spoken import Trouble, speak
from crestline.live.transport import transport
from crestline.live.wire import Wire
from crestline.scenario import Scenario
from crestline.tables import Outcome, Outcomes

EXPORT_S = 30.0  # real seconds that the target has to tell what it knows
GOOD_STARS = 4  # from so many on a rating is a good one
NUMBERS: dict[str, tuple[type, ...]] = {"rating": (int, float, type(None)), "resolutions": (int,)}  # where told
NOT_AT_TARGET = (Outcome.FAILED, Outcome.DROPPED)


@dataclass(frozen=True)
class Integrity:
    """Contacts that the target accepted, and what became of them against the records.

    ``lost``: accepted, but unknown to the target, or claimed there without its customer ever hearing of it.
    ``doubled``: resolved twice, or two conversations for one contact. ``orphaned``: at the target alone.
    """

    accepted: int
    lost: int
    doubled: int
    orphaned: int

    def figures(self) -> dict[str, int]:
        """As ``run.json`` has them."""
        return asdict(self)


def read_export(scenario: Scenario, host: str, plan: Plan) -> list[dict[str, Any]] | None:
    """Every conversation of the run as the target knows it; None where the target keeps no log to read.

    ``TargetError`` says that it cannot be asked any more, or answers with something else.
    """
    target = adapters.load(plan.adapter)
    if not target.capabilities.export:
        return None
    way = transport(scenario, host, plan.run)
    wire = Wire(way, EXPORT_S)
    try:
        return [_known(entry) for entry in speak(target, wire, Trouble(way, tell=None)).export(plan.run)]
    finally:
        wire.close()


def _known(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("row"), int):
        msg = "export: got what is no conversation, expected a mapping with the row of its contact"
        raise TargetError(msg)
    for name, kinds in NUMBERS.items():
        if name in entry and not isinstance(entry[name], kinds):
            msg = f"export: got {type(entry[name]).__name__} as {name} of row {entry['row']}, expected a number"
            raise TargetError(msg)
    return entry


def check_integrity(log: Iterable[Mapping[str, Any]], outcomes: Outcomes) -> Integrity:
    """Hold the target's log against the records, contact by contact."""
    by_row: dict[int, Mapping[str, Any]] = {}
    conversations: Counter[int] = Counter()
    for entry in log:
        by_row[entry["row"]] = entry
        conversations[entry["row"]] += 1
    reached = outcomes.take(~np.isin(outcomes.outcome, NOT_AT_TARGET))
    unclaimed = reached.row[np.isnan(reached.claimed_s) & (reached.outcome == Outcome.OPEN)].tolist()
    unknown = [row for row in reached.row.tolist() if row not in by_row]
    unheard = [row for row in unclaimed if row in by_row and by_row[row].get("state") == "claimed"]
    twice = [row for row, entry in by_row.items() if conversations[row] > 1 or entry.get("resolutions", 0) > 1]
    return Integrity(
        accepted=conversations.total(),
        lost=len(unknown) + len(unheard),
        doubled=len(twice),
        orphaned=len(by_row.keys() - set(outcomes.row.tolist())),
    )


def with_stored_ratings(log: Iterable[Mapping[str, Any]], outcomes: Outcomes) -> Outcomes:
    """The outcomes with the ratings that the target stored; a contact without one keeps what the customer would say."""
    stored = {entry["row"]: int(entry["rating"] >= GOOD_STARS) for entry in log if entry.get("rating") is not None}
    ratings = [stored.get(row, rating) for row, rating in zip(outcomes.row.tolist(), outcomes.rating, strict=True)]
    columns = outcomes.columns() | {"rating": np.array(ratings, dtype=np.int64)}
    return Outcomes(**columns, contacts=outcomes.contacts, groups=outcomes.groups)

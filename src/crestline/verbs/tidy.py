"""What a run has left at a target that goes on without it: forgotten where it can be, else listed by its ids."""

from __future__ import annotations

from typing import Any

from crestline.errors import TargetError
from crestline.live import adapters
from crestline.live.adapters.basics import has
from crestline.live.plan import Plan
from crestline.live.records import Records
from crestline.live.spoken import Trouble, speak
from crestline.live.transport import transport
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.verbs.target import OWN_DESK

CREATED = "created.txt"  # in the run folder: the target's ids of conversations that are still there, one a line
ANSWER_S = 60.0  # real seconds that the target may take for one request of the cleanup
NO_CLEANUP = "the target cannot be told to forget a run"


def tidy_up(folder: RunFolder, plan: Plan, records: Records) -> dict[str, Any] | None:
    """Have the target forget the run, and say what came of it; None where it made nothing that outlives it.

    ``conversations`` were opened, ``unanswered`` is how many more may have been; ``cleaned`` says whether they are
    gone, ``why`` what was in the way, and then ``file`` has their ids.
    """
    made = records.made_at_target()
    if not plan.host or folder.has(OWN_DESK) or not (made.ids or made.unanswered):
        return None
    listed = folder.path / CREATED
    listed.write_text("".join(f"{name}\n" for name in made.ids), encoding="utf-8")
    why = _forget(records, plan)
    if not why:
        listed.unlink()
    return {
        "conversations": len(made.ids),
        "unanswered": made.unanswered,
        "cleaned": not why,
        "why": why,
        "file": CREATED if why else "",
    }


def _forget(records: Records, plan: Plan) -> str:
    """Clean up; why that did not work, empty when it did."""
    target = adapters.load(plan.adapter)
    if not has(target, "cleanup"):
        return NO_CLEANUP
    try:
        way = transport(records.scenario, plan.host, plan.run)
        wire = Wire(way, ANSWER_S)
        try:
            speak(target, wire, Trouble(way, tell=None)).cleanup(plan.run)
        finally:
            wire.close()
    except TargetError as error:
        return f"the cleanup went wrong ({error})"
    return ""

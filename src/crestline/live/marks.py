"""How a target tells a live run from its other work: marks on requests and names, and a trace for every contact.

A system under test may route what is marked to shadow tables, and a contact that was slow is found by its trace in
whatever gathers them.
"""

from __future__ import annotations

from hashlib import sha256

from crestline.errors import TargetError
from crestline.live.adapters import Http
from crestline.scenario.mark import Mark

SAMPLED = "01"


def traceparent(run: str, row: int) -> str:
    """What a contact's requests say of themselves (W3C Trace Context, version 00): trace, span, and to be sampled.

    It follows from the run and the row, so that whoever knows these knows it.
    """
    told = sha256(f"{run}/{row}".encode()).hexdigest()
    return f"00-{told[:32]}-{told[32:48]}-{SAMPLED}"


def check_mark(http: Http, mark: Mark, run: str) -> None:
    """Ask the target whether it honours the mark that ``http`` carries, where the scenario wants that; else refuse."""
    if mark.probe is None:
        return
    asked, wanted = f"GET {mark.probe.path}", mark.wanted(run)
    answer = http.request("GET", mark.probe.path, headers={"Accept": "*/*"})
    if answer.status >= 300:
        why = f"{asked} was answered {answer.status}"
    elif not any(wanted in str(told) for told in (answer.body, *answer.headers.values())):
        why = f"the answer to {asked} does not hold {wanted!r}"
    else:
        return
    told = f"{mark.header}: {mark.told(run)}"
    msg = f"load_test.mark: the target does not honour {told!r} ({why}); teach it to, or leave load_test.mark.probe out"
    raise TargetError(msg)

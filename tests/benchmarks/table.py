"""The tables of the README, and how they get there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .contenders import OURS, Contender
from .fresh_process import Million
from .full_model import Engines, Places
from .machine import with_version
from .model import Seen
from .rounds import contacts_per_s, times_as_fast

BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
THREE_DIGITS = 100


def common_table(played: Mapping[Contender, Sequence[Seen]]) -> list[str]:
    """The common model: contacts a second, and how many times as many Crestline plays, with and without sampling."""
    ours = {contender.draws: plays for contender, plays in played.items() if contender.name == OURS}
    return [
        "| simulator | random numbers | contacts/s | Crestline's kernel is | with sampling | what it leaves |",
        "|---|---|--:|--:|--:|---|",
        *(_common_row(contender, plays, ours) for contender, plays in played.items()),
    ]


def _common_row(contender: Contender, plays: Sequence[Seen], ours: Mapping[bool, Sequence[Seen]]) -> str:
    """Who reads random numbers is not compared with who has to draw them first."""
    like = [draws in ours and contender.name != OURS and draws <= contender.draws for draws in (False, True)]
    ratios = [_times(times_as_fast(ours[draws], plays)) if like[draws] else "" for draws in (False, True)]
    numbers = "drawn" if contender.draws else "read"
    name = contender.name if contender.is_ours else with_version(contender.name, contender.needs)
    cells = [name, numbers, f"{contacts_per_s(plays):,.0f}", *ratios, contender.leaves]
    return f"| {' | '.join(cells)} |"


def whole_table(
    engines: Engines, places: Mapping[str, Places], at_once: Million, in_chunks: Million, start_s: float
) -> list[str]:
    """The whole model, two cores, memory and start-up."""
    return [
        "| all of Crestline | |",
        "|---|---|",
        f"| promotion-day, {engines.contacts:,} contacts, compiled against the SimPy reference "
        f"| {engines.compiled_s * 1000:.1f} ms against {engines.reference_s * 1000:,.0f}: {_times(engines.ratio)} |",
        *(_place_row(name, each) for name, each in places.items()),
        f"| a million contacts of the common model, sampled and played in chunks | {_needs(in_chunks)} |",
        f"| the same at once, all rows kept | {_needs(at_once)} |",
        f"| a fresh process until it has played the scenario `quick` | {start_s:.2f} s |",
    ]


def _place_row(name: str, places: Places) -> str:
    equal = "equal results" if places.equal else "**results differ**"
    return (
        f"| {places.days} such days with sampling and measures, {name} against one thread "
        f"| {places.two_s:.2f} s against {places.one_s:.2f}: {_times(places.ratio)}, {equal} |"
    )


def _needs(million: Million) -> str:
    return f"{million.seconds:.2f} s, {million.peak_mb:,.0f} MB at most"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} ×" if ratio >= THREE_DIGITS else f"{ratio:.2g} ×" if ratio < 1 else f"{ratio:.1f} ×"


def put_between_marks(text: str, lines: Sequence[str], begin: str = BEGIN, end: str = END) -> str:
    """The text with these lines between its two marks, in place of whatever stood there."""
    if text.count(begin) != 1 or text.count(end) != 1:
        msg = f"expected {begin} and {end} once each; put them where the tables belong"
        raise ValueError(msg)
    made = "\n".join([begin, *lines, end])
    return re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _: made, text, flags=re.DOTALL)

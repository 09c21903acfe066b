"""What to do, in words: the changes that would have passed, what each brings and costs, and the command to try it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from crestline.measures import keys
from crestline.report import words

Run = Mapping[str, Any]
Step = Mapping[str, Any]
BRINGS_BACK = {
    "triage.breaker": "breaker",
    "triage.when_down": "fallback",
    "triage.pool": "scale-out",
    "triage.pool.at_most": "scale-out",
}
"""What a change gives back to a service of which a command leaves it out."""


def remarks(run: Run) -> Iterator[tuple[str, str]]:
    """The changes, the cheapest first, and how to try that one."""
    steps = run.get("next") or ()
    yield from (("NEXT", next_sentence(run, step)) for step in steps)
    if steps and steps[0].get("passes") and str(run.get("command")).startswith("crestline"):
        yield "TRY", f"{_without(str(run['command']), _sets(steps[0]))} {settings(steps[0])}"


def next_sentence(run: Run, step: Step) -> str:
    """A change, and what it would have come to."""
    if (step.get("forecast") or {}).get("value") is None:
        return str(step["change"])
    about = words.measure_name(step["measure"])
    if not step.get("passes"):
        return f"{step['change']} helps most, but would not be enough for {about} ({_forecast(run, step)})"
    several = sum(o.get("result") != "met" for o in run.get("objectives") or ()) > 1
    held = f"meet all objectives ({about}: " if several else f"hold {about} ("
    if len(_sets(step)) > 1:
        return f"no single change is enough; {step['change']} together would {held}{_forecast(run, step)})"
    return f"{step['change']} would {held}{_forecast(run, step)})"


def settings(step: Step) -> str:
    """A change as a command takes it, to be copied into a shell."""
    return " ".join(f"--set {shlex.quote(text)}" for text in _sets(step))


def _without(command: str, sets: Sequence[str]) -> str:
    """A command without what it sets that is set anew, and without leaving out what that brings back."""
    anew = {text.partition("=")[0] for text in sets}
    undone = {("--without", BRINGS_BACK[key]) for key in anew & BRINGS_BACK.keys()}
    parts = shlex.split(command)
    pairs = [(part, following.partition("=")[0]) for part, following in pairwise(parts)]
    again = [i for i, pair in enumerate(pairs) if pair in undone or (pair[0] == "--set" and pair[1] in anew)]
    return shlex.join(part for i, part in enumerate(parts) if i not in again and i - 1 not in again)


def _sets(step: Step) -> list[str]:
    return [step["set"]] if isinstance(step["set"], str) else list(step["set"])


def _forecast(run: Run, step: Step) -> str:
    """What is to be expected, the limit, on how many days it holds, and the price."""
    unit, currency, forecast = keys.unit(step["measure"]), run.get("currency") or "", step["forecast"]
    expected = f"forecast {words.value(forecast, unit, currency)} {words.interval(forecast, unit)}".rstrip()
    parts = [expected, f"limit {words.quantity(step['limit'], unit, currency)}"]
    if forecast.get("p_met") is not None:
        parts.append(f"on {words.quantity(forecast['p_met'], 'share')} of days")
    if cost := round(step.get("cost") or 0.0):
        parts.append(f"{'costs' if cost > 0 else 'saves'} {abs(cost):,} {currency} a day".replace("  ", " "))
    return ", ".join(parts)

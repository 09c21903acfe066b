"""The search: of every family the weakest change that passes, of those the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crestline.remedies.changes import Change, Family, Kind
from crestline.remedies.trials import Trials, Tried

SHOWN = 3
NEARLY = 0.1  # of the way from today to what the strongest change brings: what is so close is as good


@dataclass
class Looked:
    """What a first look at every family found."""

    passing: list[tuple[Family, Tried]] = field(default_factory=list)  # the weakest of each that passes
    failing: list[tuple[Family, Tried]] = field(default_factory=list)  # the strongest of each that does not

    def best(self, kind: Kind) -> tuple[bool, float] | None:
        """What the cheapest change of a kind takes that passes."""
        return min((tried.change.effort for family, tried in self.passing if family.kind == kind), default=None)


def look_at(families: Iterable[Family], trials: Trials) -> Looked:
    """The weakest change of every family that passes at a first look; none that takes more than another of its kind."""
    looked = Looked()
    for family in families:
        cheaper = family.weaker_than(looked.best(family.kind))
        if not cheaper.changes or not trials.affordable:
            continue
        tried = _weakest(cheaper, trials)
        (looked.passing if tried.passes else looked.failing).append((cheaper, tried))
    return looked


def _weakest(family: Family, trials: Trials) -> Tried:
    """The weakest that repairs what was missed, by bisection; the strongest where none does."""
    changes = family.changes
    strongest = trials.look(changes[-1])
    if not strongest.repairs:
        return strongest
    place = least(len(changes) - 1, (len(changes) - 1) // 4, lambda i: trials.look(changes[i]).repairs)
    return strongest if place is None else trials.look(changes[place])


def prove(looked: Looked, trials: Trials) -> list[Tried]:
    """What passes on all days: the cheapest change of every kind, then of other things, cheapest first."""
    proven: list[Tried] = []
    for family, tried in _by_turns(looked.passing):
        told = any(tried.change.keys == each.change.keys for each in proven)
        if len(proven) < SHOWN and not told and (found := _proven(family, tried.change, trials)):
            proven.append(found)
    return sorted(proven, key=_price)


def _price(tried: Tried) -> tuple[bool, float]:
    """Orders what was tried by what it costs, what has no price after that by how far it reaches."""
    return (tried.cost is None, tried.change.reach if tried.cost is None else tried.cost)


def _by_turns(passing: Sequence[tuple[Family, Tried]]) -> list[tuple[Family, Tried]]:
    """The cheapest of each kind first, the cheapest kind first."""
    ordered = sorted(passing, key=lambda found: _price(found[1]))
    first = {family.kind: tried for family, tried in reversed(ordered)}
    return sorted(ordered, key=lambda found: first[found[0].kind] is not found[1])


def _proven(family: Family, guess: Change, trials: Trials) -> Tried | None:
    """The weakest change of a family that passes on all days, looked for around a guess."""
    changes = family.changes
    place = least(len(changes), changes.index(guess), lambda i: trials.prove(changes[i]).repairs)
    found = None if place is None else trials.prove(changes[place])
    return found if found and found.passes else None


def closest(looked: Looked, trials: Trials) -> Tried | None:
    """What comes closest where nothing passes: as strong as still helps, on all days."""
    if not looked.failing:
        return None
    family, strongest = min(looked.failing, key=lambda found: found[1].shortfall)
    enough = strongest.shortfall + NEARLY * max(0.0, trials.shortfall_before() - strongest.shortfall)
    changes = family.changes
    place = least(len(changes), len(changes) // 2, lambda i: trials.look(changes[i]).shortfall <= enough)
    return trials.prove(changes[-1 if place is None else place])


def least(count: int, guess: int, holds: Callable[[int], bool]) -> int | None:
    """The least place from 0 to ``count`` - 1 at which what grows holds; steps outwards from a guess, then halves.

    >>> least(100, 10, lambda place: place >= 42)
    42
    """
    below, above, step, place = -1, count, 1, min(guess, count - 1)
    while above - below > 1:
        if holds(place):
            above = place
        else:
            below = place
        if below == -1:
            place = max(0, above - step)
        elif above == count:
            place = min(count - 1, below + step)
        else:
            place = (below + above) // 2
        step *= 2
    return above if above < count else None

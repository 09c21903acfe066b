"""The search: of every family the weakest change that passes, of those the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from crestline.remedies.changes import Change, Family, Kind
from crestline.remedies.trials import Trials, Tried

SHOWN = 3
MARGIN = 1.5  # times what the cheapest of a kind takes at a first look: beyond that nothing else is tried
NEARLY = 0.1  # of the way from today to what the strongest change brings: what is so close is as good


@dataclass
class Looked:
    """What a first look at every family found: the weakest of each that passes, the strongest of each that does not."""

    passing: list[tuple[Family, Tried]] = field(default_factory=list)
    failing: list[tuple[Family, Tried]] = field(default_factory=list)

    def most(self, kind: Kind) -> tuple[bool, float] | None:
        """What another change of a kind may take: little more than the least that passes, which is not proven yet."""
        found = [tried.change.effort for family, tried in self.passing if family.kind == kind]
        return (min(found)[0], min(found)[1] * MARGIN) if found else None


def look_at(families: Iterable[Family], trials: Trials) -> Looked:
    """The weakest change of every family that passes at a first look; none that takes far more than another."""
    looked = Looked()
    for family in families:
        cheaper = family.weaker_than(looked.most(family.kind))
        if not cheaper.changes or not trials.affordable:
            continue
        tried = _weakest(cheaper, trials)
        (looked.passing if tried.passes else looked.failing).append((cheaper, tried))
    return looked


def _weakest(family: Family, trials: Trials) -> Tried:
    """The weakest that passes, by bisection; the strongest where none does.

    Where the strongest repairs what was missed and breaks something else, as what contacts cost, the weakest that
    repairs it may still pass.
    """
    changes = family.changes
    strongest = trials.look(changes[-1])
    if not strongest.repairs:
        return strongest
    wanted: Callable[[Tried], bool] = attrgetter("passes" if strongest.passes else "repairs")
    place = least(len(changes) - 1, (len(changes) - 1) // 4, lambda i: wanted(trials.look(changes[i])))
    return strongest if place is None else trials.look(changes[place])


def prove(looked: Looked, trials: Trials) -> list[Tried]:
    """What passes on all days: the cheapest change of every kind, then of other things, cheapest first."""
    best: dict[Kind, Tried] = {}
    others: list[tuple[Family, Tried]] = []
    for family, tried in sorted(looked.passing, key=lambda found: _price(found[1])):
        rival = best.get(family.kind)
        if rival is not None and _price(rival) <= _price(tried):
            others.append((family, tried))
        elif found := _proven(family.weaker_than(rival.change.effort if rival else None), tried.change, trials):
            best[family.kind] = found
    proven = sorted(best.values(), key=_price)[:SHOWN]
    return sorted([*proven, *_beside(proven, others, trials)], key=_price)


def _beside(proven: Sequence[Tried], others: Sequence[tuple[Family, Tried]], trials: Trials) -> list[Tried]:
    """More of the same kinds that change something else, as long as there is room for them."""
    found: list[Tried] = []
    for family, tried in others:
        told = any(tried.change.keys == each.change.keys for each in (*proven, *found))
        if len(proven) + len(found) < SHOWN and not told and (one := _proven(family, tried.change, trials)):
            found.append(one)
    return found


def _price(tried: Tried) -> tuple[bool, float]:
    """Orders what was tried by what it costs, what has no price after that by how far it reaches."""
    return (tried.cost is None, tried.change.reach if tried.cost is None else tried.cost)


def _proven(family: Family, guess: Change, trials: Trials) -> Tried | None:
    """The weakest change of a family that passes on all days, looked for around a guess."""
    changes = family.changes
    if guess not in changes:
        return None
    place = least(len(changes), changes.index(guess), lambda i: trials.prove(changes[i]).passes)
    return None if place is None else trials.prove(changes[place])


def closest(looked: Looked, trials: Trials) -> Tried | None:
    """What comes closest where nothing passes: as strong as still helps, on all days.

    It meets whatever the strongest of its family meets, and falls hardly shorter of the rest.
    """
    if not looked.failing:
        return None
    family, strongest = min(looked.failing, key=lambda found: found[1].shortfall)
    enough = strongest.shortfall + NEARLY * max(0.0, trials.shortfall_before() - strongest.shortfall)
    changes = family.changes

    def as_good(place: int) -> bool:
        tried = trials.look(changes[place])
        return strongest.met <= tried.met and tried.shortfall <= enough

    place = least(len(changes), len(changes) // 2, as_good)
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

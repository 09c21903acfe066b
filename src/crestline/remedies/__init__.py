"""What to do: the cheapest changes that turn missed into met, each played on the customers of the run.

What could be decided lies in families that differ in strength alone: agents of a group while it hurts or all day,
standby, the bot and its pool, limits of queues. Of each the weakest change that passes is looked for by bisection on
a few days, and proven on as many as the run had, by the verdict's own rule. Cheapest first; what has no price in a
scenario comes after what has, by how far it reaches beyond today.
"""

from crestline.remedies.changes import Change, Family, Kind
from crestline.remedies.found import Remedy, families, find_remedies
from crestline.remedies.standard import AsDrill, AsForecast, Standard
from crestline.remedies.worth import CONTACTS, DAYS, Worth, worth

__all__ = [
    "CONTACTS",
    "DAYS",
    "AsDrill",
    "AsForecast",
    "Change",
    "Family",
    "Kind",
    "Remedy",
    "Standard",
    "Worth",
    "families",
    "find_remedies",
    "worth",
]

"""The calls of a log as plain columns: what every fit looks at, whatever the file looked like."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from crestline.tables import Bools, Floats, Ints

DAY_S = 86400.0


@dataclass(frozen=True, eq=False)
class Calls:
    """The calls of a log, in order of arrival. ``day`` counts from ``first_date``; clock seconds may pass midnight."""

    day: Ints
    asked_s: Floats  # clock seconds at which the caller came to the door
    queue_s: Floats  # clock seconds at which the caller asked for an agent: asked_s + menu
    wait_s: Floats
    handle_s: Floats  # 0 when not answered
    queued: Bools  # asked for an agent at all; the others left in the menu
    answered: Bools
    contact: Ints  # index into contacts
    customer: Ints  # -1 unknown
    vip: Bools
    agent: Ints  # -1 none or unknown
    contacts: tuple[str, ...]
    first_date: dt.date

    def __len__(self) -> int:
        return len(self.day)

    def take(self, which: NDArray[Any]) -> Self:
        """The calls that ``which`` selects."""
        rest = {f.name: getattr(self, f.name) for f in fields(self)}
        return type(self)(**(rest | {k: v[which] for k, v in rest.items() if isinstance(v, np.ndarray)}))

    @property
    def abandoned(self) -> Bools:
        """Asked for an agent and left before one came."""
        return self.queued & ~self.answered

    @property
    def end_s(self) -> Floats:
        """Clock seconds at which the call was over."""
        return self.queue_s + self.wait_s + self.handle_s

    def date(self, day: int) -> dt.date:
        """The date of a day number."""
        return self.first_date + dt.timedelta(days=int(day))

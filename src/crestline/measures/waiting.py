"""Who waits for an agent at instants, again after a transfer, too."""

from __future__ import annotations

import numpy as np

from crestline.measures.contacts import Contacts
from crestline.measures.marks import marks_at
from crestline.tables import Floats, Ints


class Waiting:
    """A fold: contacts waiting at instants."""

    def __init__(self, at_s: Floats) -> None:
        self._marks = marks_at(np.unique(at_s))
        self._change = np.zeros(len(self._marks) + 1, np.int64)  # by the mark where it shows; the last: after all

    def add(self, contacts: Contacts) -> None:
        """Count these contacts."""
        queue, passed = contacts.queue, contacts.passed
        for joined in (queue.queued_s, passed.passed_s):
            np.add.at(self._change, self._marks.before(joined), 1)
        for left in (queue.left_s, passed.served_s):
            np.add.at(self._change, self._marks.before(left), -1)

    def at(self, at_s: Floats) -> Ints:
        """Contacts waiting at some of the instants."""
        return np.cumsum(self._change)[np.searchsorted(self._marks.at_s, at_s)]

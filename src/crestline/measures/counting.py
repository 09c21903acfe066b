"""Counting contacts by group: many questions at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crestline.tables import Bools, Ints

AT_ONCE = 6  # answers in one number; twice as many codes to count with each one more


def count(flags: Sequence[Bools], group: Ints, groups: int) -> Ints:
    """Of how many contacts of each group each flag is true: flags x groups.

    Several flags of a contact are written as one number, so that contacts are gone through only once for them.
    """
    counted = [np.zeros((0, groups), np.int64)]
    for first in range(0, len(flags), AT_ONCE):
        together = flags[first : first + AT_ONCE]
        codes = np.arange(1 << len(together))
        table = np.zeros(groups * len(codes), np.int64)
        np.add.at(table, group * len(codes) + _coded(together), 1)
        is_set = codes[:, None] >> np.arange(len(together)) & 1
        counted.append((table.reshape(groups, len(codes)) @ is_set).T)
    return np.concatenate(counted)


def _coded(flags: Sequence[Bools]) -> Ints:
    code = np.zeros(len(flags[0]), np.int8)
    for flag in reversed(flags):
        code += code
        code += flag
    return code

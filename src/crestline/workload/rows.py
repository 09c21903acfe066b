"""The workload row by row, for whoever plays one contact after the other."""

from __future__ import annotations

from crestline.tables import Workload


class Rows:
    """The workload's columns as plain lists: what one contact needs is read one number at a time."""

    def __init__(self, workload: Workload) -> None:
        self.first_rows: list[int] = workload.first_rows.tolist()
        self.first_planned_s: list[float] = workload.first_planned_s.tolist()
        self.customer: list[int] = workload.customer.tolist()
        self.attempt: list[int] = workload.attempt.tolist()
        self.contact: list[int] = workload.contact.tolist()
        self.vip: list[bool] = workload.vip.tolist()
        self.gap_s: list[float] = workload.gap_s.tolist()
        self.handle_s: list[float] = workload.handle_s.tolist()
        self.patience_s: list[float] = workload.patience_s.tolist()
        self.reply_s: list[float] = workload.reply_s.tolist()
        self.resolves: list[bool] = workload.resolves.tolist()
        self.routed: list[int] = workload.routed.tolist()
        self.again_u: list[float] = workload.again_u.tolist()
        self.rating_u: list[float] = workload.rating_u.tolist()
        self.worse_resolves: list[bool] = workload.worse_resolves.tolist()
        self.worse_routed: list[int] = workload.worse_routed.tolist()
        self.fail_u: list[float] = workload.fail_u.tolist()

    def follows(self, row: int) -> bool:
        """Whether row + 1 is the next attempt of the same customer."""
        return row + 1 < len(self.attempt) and self.attempt[row + 1] > 0

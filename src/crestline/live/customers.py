"""Customers: each one's contacts, from the planned instant to the end, and the recontacts that follow."""

from __future__ import annotations

from crestline import rules
from crestline.errors import TargetError
from crestline.live.conversation import Conversation
from crestline.live.floor import Contact
from crestline.live.scene import Scene
from crestline.live.spoken import RETURNED, Broken
from crestline.scenario.faults import RetryStorm
from crestline.tables import Outcome


class Customers:
    """All customers of a run; ``attend`` is the life of one of them."""

    def __init__(self, scene: Scene, back_shares: dict[Outcome, float]) -> None:
        self.scene, self.back_shares = scene, back_shares
        self.skips_bot = [scene.scenario.triage is None or c.bot == "skip" for c in scene.scenario.contacts.values()]

    def attend(self, row: int, planned: float) -> None:
        """A customer's contact at its planned instant, and the recontacts that fall due before the stop."""
        scene, again = self.scene, True
        while again:
            scene.clock.wait(planned)
            if planned >= scene.stop:
                return
            contact = scene.floor.enter(row, planned)
            if not contact.is_over:
                self._talk(contact)
            scene.floor.leave(contact)
            storm = self._storm(contact)
            again = self._comes_back(contact, storm)
            if again:
                after = storm.delay if storm else scene.rows.gap_s[row + 1]
                row, planned = row + 1, contact.ended + scene.clock.lasts(after)

    def _talk(self, contact: Contact) -> None:
        """Returns when the contact is over; what no verb may raise or return fails it, unless an agent has it."""
        scene = self.scene
        try:
            Conversation(scene, contact, self.skips_bot[contact.contact]).hold()
        except Exception as error:  # noqa: BLE001 - somebody else's code may return anything
            if not isinstance(error, TargetError):  # those are noted where they are raised
                scene.trouble.note(Broken(RETURNED, error))
            if contact.is_with_agent:
                contact.over.wait()
            scene.floor.end(contact, Outcome.FAILED, scene.clock.now())

    def _comes_back(self, contact: Contact, storm: RetryStorm | None) -> bool:
        rows, share = self.scene.rows, storm.share if storm else self.back_shares[contact.outcome]
        again = rows.follows(contact.row) and rules.comes_back(rows.again_u[contact.row], share)
        self.scene.floor.tally.stormed += again and storm is not None
        return again

    def _storm(self, contact: Contact) -> RetryStorm | None:
        """The storm of retries in which a contact ends without help."""
        real, faults = self.scene.clock.real, zip(self.scene.timeline.faults, self.scene.scenario.faults, strict=True)
        if not rules.is_without_help(contact.outcome):
            return None
        for fault, block in faults:
            if isinstance(block, RetryStorm) and real(fault.start_s) <= contact.ended < real(fault.end_s):
                return block
        return None

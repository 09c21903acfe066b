"""Contacts: each one's story from its planned instant to its end, and the recontact that may follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import simpy

from crestline import rules
from crestline.engine.kinds import Kind
from crestline.engine.reference.agents import Agents
from crestline.engine.reference.clock import Clock
from crestline.engine.reference.recorder import Recorder
from crestline.engine.reference.state import State
from crestline.engine.reference.triage import Triage
from crestline.engine.reference.words import GIVEN_BACK, IN_SLOT, LEFT, SERVED, TURNED_AWAY, Word
from crestline.scenario import Scenario
from crestline.tables import Outcome, Workload
from crestline.workload.recontacts import recontact_shares
from crestline.workload.rows import Rows

Story = Generator[simpy.Event, Word, None]
Chapter = Generator[simpy.Event, Word, Word]


class Contacts:
    """All contacts of a workload; each is a SimPy process that starts when it is due."""

    def __init__(
        self,
        clock: Clock,
        state: State,
        scenario: Scenario,
        workload: Workload,
        stop_s: float,
        agents: Agents,
        triage: Triage | None,
        recorder: Recorder,
    ) -> None:
        self.clock, self.stop_s, self.agents, self.triage, self.recorder = clock, stop_s, agents, triage, recorder
        self.state, self.doors_shut = state, 0
        self.rejects_when_down = scenario.triage is not None and scenario.triage.when_down == "reject"
        self.transfer_after_s = scenario.triage.transfer_after if scenario.triage else 0.0
        self.skips_bot = [triage is None or kind.bot == "skip" for kind in scenario.contacts.values()]
        self.back_shares = recontact_shares(scenario)
        self.rows = Rows(workload)

    def plan_first(self, customer: int = 0) -> None:
        """Plan a customer's first contact; when it is due, it plans the next customer's."""
        if customer < len(self.rows.first_rows):
            row = self.rows.first_rows[customer]
            self._plan(row, self.rows.gap_s[row], lambda: self.plan_first(customer + 1))

    def move_door(self, shut: int) -> None:
        """The platform's door is shut once more (+1) or once less (-1)."""
        self.doors_shut += shut

    def _plan(self, row: int, gap_s: float, then: Callable[[], None] | None = None) -> None:
        """A contact is due a gap from now, unless nothing is planned any more by then."""
        if self.clock.now + gap_s >= self.stop_s:
            return

        def arrive(row: int) -> None:
            self.clock.process(self._story(row))
            if then:
                then()

        self.clock.after(gap_s, Kind.ARRIVE, row, arrive)

    def _story(self, row: int) -> Story:
        """One contact, from the instant at which it is due to its end."""
        self.recorder.planned_s[row] = self.clock.now
        condition = self.state.condition
        if self.doors_shut or self.rows.fail_u[row] < condition.fail_share:
            self._end(row, Outcome.FAILED)
            return
        resolves = (self.rows.worse_resolves if condition.is_worse else self.rows.resolves)[row]
        routed = (self.rows.worse_routed if condition.is_worse else self.rows.routed)[row]
        skill = self.rows.contact[row]
        yield from self._come_in(row, condition.delay_s if self.skips_bot[skill] else 0.0)
        if self.triage and not self.skips_bot[skill]:
            word = yield from self._talk_to_bot(self.triage, row)
            ended = self._end_at_bot(row, word, resolves=resolves)
            if ended is not None:
                self._end(row, ended)
                return
            if word is not GIVEN_BACK:
                skill = routed
                if self.state.condition.delay_s > 0:
                    yield from self._come_in(row, self.state.condition.delay_s)
        yield from self._talk_to_agent(row, skill)

    def _come_in(self, row: int, delay_s: float) -> Story:
        """Wait outside where it takes a while to be let in, or until anybody is."""
        if delay_s > 0:
            yield self.clock.after(delay_s, Kind.ENTER, row)
        while (wait_s := self.state.condition.enters_at_s - self.clock.now) > 0:
            yield self.clock.after(wait_s, Kind.ENTER, row)

    def _wait_while_still(self, row: int, kind: Kind) -> Story:
        """What an agent was to do now is done when the target moves again."""
        while self.state.is_still:
            yield self.clock.after(self.state.condition.serves_at_s - self.clock.now, kind, row)

    def _talk_to_bot(self, triage: Triage, row: int) -> Chapter:
        came_ago_s = self.clock.now - self.recorder.planned_s[row]  # for whoever had to wait outside
        word: Word = yield triage.ask(row, max(0.0, self.rows.patience_s[row] - came_ago_s))
        if word is IN_SLOT:
            word = yield triage.answer(row, self.rows.reply_s[row])
        if triage.breaker:
            triage.breaker.note(row, has_failed=word is not SERVED)
        return word

    def _end_at_bot(self, row: int, word: Word, *, resolves: bool) -> Outcome | None:
        """How the contact ends at the bot; None when it goes on to an agent."""
        if word is LEFT:
            return Outcome.ABANDONED
        if word is GIVEN_BACK:
            return Outcome.REJECTED if self.rejects_when_down else None
        self.recorder.bot_reply_s[row] = self.clock.now
        return Outcome.BOT_RESOLVED if resolves else None

    def _talk_to_agent(self, row: int, skill: int) -> Story:
        word: Word = yield self._join(row, skill)
        if word is LEFT or word is TURNED_AWAY:
            self._end(row, Outcome.ABANDONED if word is LEFT else Outcome.REJECTED)
            return
        if skill != self.rows.contact[row]:
            word = yield from self._pass_on(row, word.group)
        self.recorder.served_s[row] = self.clock.now
        self.recorder.handle_s[row] *= self.state.handle_factor(word.group)
        yield self.clock.after(self.recorder.handle_s[row], Kind.RESOLVE, row)
        yield from self._wait_while_still(row, Kind.RESOLVE)
        self._end(row, Outcome.AGENT_RESOLVED)
        self.agents.free(word.group)

    def _join(self, row: int, skill: int) -> simpy.Event:
        """Join a queue; patience starts where there is a wait."""
        asked = self.agents.join(row, skill)
        if not asked.triggered and self.rows.patience_s[row] < math.inf:
            self.clock.after(self.rows.patience_s[row], Kind.LEAVE, row, lambda r: self.agents.leave(r, skill))
        return asked

    def _pass_on(self, row: int, group: int) -> Chapter:
        """Hold a contact that came to the wrong skill, then let it join the right queue, where it keeps its place."""
        yield self.clock.after(self.transfer_after_s, Kind.PASS, row)
        yield from self._wait_while_still(row, Kind.PASS)
        self.recorder.passed_s[row] = self.clock.now
        self.recorder.transfers[row] += 1
        asked = self.agents.join(row, self.rows.contact[row])
        self.agents.free(group)
        word: Word = yield asked
        return word

    def _end(self, row: int, outcome: Outcome) -> None:
        """The contact is over; its recontact is planned if the customer comes back."""
        self.recorder.outcome[row] = int(outcome)
        self.recorder.ended_s[row] = self.clock.now
        if not self.rows.follows(row):
            return
        condition, share, gap_s = self.state.condition, self.back_shares[outcome], self.rows.gap_s[row + 1]
        if condition.retry_share >= 0 and rules.is_without_help(int(outcome)):
            share, gap_s = condition.retry_share, condition.retry_delay_s
        if rules.comes_back(self.rows.again_u[row], share):
            self._plan(row + 1, gap_s)

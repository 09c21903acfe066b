"""Where arrivals and agents meet: queues, sessions, claims. The only place where a contact is given to an agent."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crestline.desk.conversation import Conversation
from crestline.desk.dispatch import Free, Waiting, is_full, next_contact, next_session
from crestline.desk.journal import Journal
from crestline.desk.line import Line

Poll = asyncio.Future[Conversation | None]


class Conflict(Exception):
    """The request does not fit the state of things."""


@dataclass(slots=True)
class Session:
    """One slot of one agent. ``call`` counts its polls, so that an overtaken one can tell."""

    id: int
    name: str
    run: str
    group: str
    skills: tuple[str, ...]
    order: int
    left: bool = False
    request: int = -1
    call: int = 0
    idle_since: float | None = None
    poll: Poll | None = None
    holds: Conversation | None = None
    lease: asyncio.TimerHandle | None = None

    def free(self) -> Free:
        """What dispatch needs to know."""
        return Free(self.skills, self.order, self.idle_since or 0.0, self.id)


class Floor:
    """The queues of every run and the sessions that serve them."""

    def __init__(self, journal: Journal, limits: Mapping[str, int | None], lease: float) -> None:
        self.sessions: dict[int, Session] = {}
        self._journal = journal
        self._limits = limits
        self._lease = lease
        self._lines: defaultdict[tuple[str, str, bool], Line] = defaultdict(Line)
        self._idle: defaultdict[str, dict[int, Session]] = defaultdict(dict)
        self._restore()

    # --- contacts -----------------------------------------------------------------------------------------------

    def arrive(self, contact: Conversation, skill: str, kind: str = "queued", who: int | None = None) -> None:
        """A contact comes to the queue of a skill: to a free session, into the line, or away if that is full.

        Only who is new is turned away: a contact that was passed on, or comes back, keeps its place.
        """
        session = next_session(skill, (s.free() for s in self._idle[contact.run].values()))
        is_new = kind == "queued"
        if is_new and session is None and is_full(self.waiting(contact.run, skill), self._limits.get(skill)):
            self._journal.record(contact, "rejected")
            return
        self._journal.record(contact, kind, skill, who)
        if session is None:
            self._stand(contact)
        else:
            self._claim(self.sessions[session.agent], contact)

    def leave(self, contact: Conversation) -> None:
        """A contact gives up waiting."""
        self._line(contact).remove(contact.id)
        self._journal.record(contact, "abandoned")

    def waiting(self, run: str, skill: str) -> int:
        """How many contacts of a run wait for a skill."""
        return sum(len(self._lines[run, skill, vip]) for vip in (True, False) if (run, skill, vip) in self._lines)

    def lengths(self) -> dict[str, int]:
        """How many contacts wait for each skill, over all runs."""
        lengths: dict[str, int] = {}
        for (_, skill, _), line in self._lines.items():
            lengths[skill] = lengths.get(skill, 0) + len(line)
        return lengths

    def longest_wait(self, now: float) -> float:
        """How long the first in any line has waited; 0 where nobody does."""
        return max((now - line.head.queued_at for line in self._lines.values() if line.head), default=0.0)

    def _line(self, contact: Conversation) -> Line:
        return self._lines[contact.run, contact.skill, contact.vip]

    def _stand(self, contact: Conversation) -> None:
        queued_at = contact.queued_at or 0.0
        self._line(contact).add(Waiting(contact.vip, contact.skill, queued_at, contact.row, contact.id))

    def _heads(self, session: Session) -> Iterator[Waiting]:
        for skill in session.skills:
            for vip in (True, False):
                line = self._lines.get((session.run, skill, vip))
                if line is not None and line.head is not None:
                    yield line.head

    # --- sessions -----------------------------------------------------------------------------------------------

    def login(self, name: str, run: str, group: str, skills: tuple[str, ...], order: int) -> Session:
        """A new session; an agent who serves two contacts at a time has two."""
        session = Session(len(self.sessions) + 1, name, run, group, skills, order)
        self.sessions[session.id] = session
        self._journal.note("login", id=session.id, name=name, run=run, group=group, skills=skills, order=order)
        return session

    def logout(self, session: Session) -> None:
        """No more contacts; what the session holds it may finish."""
        if not session.left:
            session.left = True
            self._journal.note("logout", id=session.id)
        self._end_poll(session)

    def next(self, session: Session, done: int | None, request: int) -> Conversation | None:
        """Resolve ``done`` and claim the next contact, if one waits; the same ``request`` again changes nothing."""
        if request < session.request:
            raise Conflict(f"request {request} is older than {session.request}")
        retried, session.request = request == session.request, request
        session.call += 1
        self._end_poll(session)
        if done is not None:
            self.resolve(session, done)
        if session.holds is not None:
            held = session.holds
            if retried:
                self._grant_lease(session)
                return held
            if held.greeted:
                raise Conflict(
                    f"session {session.id} still holds conversation {held.id}; resolve it, or say it is done"
                )
            self._unclaim(session)
        if session.left:
            return None
        if session.idle_since is None:
            session.idle_since = self._journal.clock()
        first = next_contact(session.skills, self._heads(session))
        if first is None:
            return None
        contact = self._journal.conversations[first.conversation]
        self._line(contact).remove(contact.id)
        self._claim(session, contact)
        return contact

    def wait(self, session: Session) -> Poll:
        """The session stands idle; its poll is done when a contact is pushed, or with None when it is called off."""
        session.poll = asyncio.get_running_loop().create_future()
        self._idle[session.run][session.id] = session
        return session.poll

    def lost(self, session: Session, call: int) -> None:
        """The connection of poll number ``call`` is dead: what was pushed into it goes back."""
        if session.call != call:
            return
        self._end_poll(session)
        if session.holds is not None and not session.holds.greeted:
            self._unclaim(session)

    def waited(self, session: Session, poll: Poll) -> None:
        """The poll has waited long enough."""
        if session.poll is poll:
            self._end_poll(session)

    def reply(self, session: Session, number: int, text: str) -> None:
        """The agent writes; the first time this acknowledges the claim."""
        contact = self._held(session, number)
        self._cancel_lease(session)
        self._journal.record(contact, "agent_reply", text, session.id)

    def transfer(self, session: Session, number: int, skill: str) -> None:
        """The agent passes the contact on; it keeps its place by its first entry into a queue."""
        contact = self._held(session, number)
        self._let_go(session)
        self.arrive(contact, skill, "transferred", session.id)

    def resolve(self, session: Session, number: int) -> None:
        """The agent closes the conversation; again is no error."""
        known = self._journal.conversations.get(number)
        if known is not None and known.state == "agent_resolved" and known.resolver == session.id:
            return
        contact = self._held(session, number)
        self._let_go(session)
        self._journal.record(contact, "resolved", who=session.id)

    def release(self) -> None:
        """Answer every poll with nothing, since the desk closes."""
        for session in self.sessions.values():
            self._end_poll(session)

    @property
    def idle(self) -> int:
        """How many sessions could take a contact now."""
        return sum(len(of_run) for of_run in self._idle.values())

    # --- claims -------------------------------------------------------------------------------------------------

    def _claim(self, session: Session, contact: Conversation) -> None:
        self._journal.record(contact, "claimed", session.name, session.id, session.request)
        session.holds, session.idle_since = contact, None
        self._grant_lease(session)
        self._idle[session.run].pop(session.id, None)
        if session.poll is not None and not session.poll.done():
            session.poll.set_result(contact)
        session.poll = None

    def _unclaim(self, session: Session) -> None:
        contact = session.holds
        if contact is not None:
            self._let_go(session)
            self.arrive(contact, contact.skill, "unclaimed", session.id)

    def _let_go(self, session: Session) -> None:
        self._cancel_lease(session)
        session.holds, session.idle_since = None, self._journal.clock()

    def _held(self, session: Session, number: int) -> Conversation:
        if session.holds is None or session.holds.id != number:
            raise Conflict(f"session {session.id} does not hold conversation {number}")
        return session.holds

    def _end_poll(self, session: Session) -> None:
        self._idle[session.run].pop(session.id, None)
        if session.poll is not None and not session.poll.done():
            session.poll.set_result(None)
        session.poll = None

    def _grant_lease(self, session: Session) -> None:
        self._cancel_lease(session)
        if session.holds is not None and not session.holds.greeted:
            session.lease = asyncio.get_running_loop().call_later(self._lease, self._run_out, session, session.holds)

    def _cancel_lease(self, session: Session) -> None:
        if session.lease is not None:
            session.lease.cancel()
            session.lease = None

    def _run_out(self, session: Session, contact: Conversation) -> None:
        if session.holds is not contact or contact.greeted:
            return
        if self._journal.stalled_s:  # the reply may be on its way and wait as everything does
            self._grant_lease(session)
            return
        self._unclaim(session)
        self._journal.commit()

    # --- after a restart ----------------------------------------------------------------------------------------

    def _restore(self) -> None:
        for _, kind, body in self._journal.log.notes():
            if kind == "login":
                self.sessions[body["id"]] = Session(**(body | {"skills": tuple(body["skills"])}))
            elif kind == "logout":
                self.sessions[body["id"]].left = True
        for contact in self._journal.conversations.values():
            if contact.state == "queued":
                self._stand(contact)
            elif contact.state == "claimed" and contact.holder is not None:
                session = self.sessions[contact.holder]
                session.holds = contact
                session.request = max(
                    e.request for e in contact.events if e.who == session.id and e.request is not None
                )
                self._grant_lease(session)

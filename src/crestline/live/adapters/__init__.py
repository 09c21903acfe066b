"""How a target is spoken to: one Protocol, and the adapters of this project.

An adapter says each verb of a service desk in the words of one target. It speaks through an ``Http`` that it is
given, so that the same adapter serves a live run (Locust's client) and a check by hand (``live.wire``). One adapter
object is one customer or one agent; it must not keep state beyond what its session needs.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from crestline.errors import TargetError, UsageError

if TYPE_CHECKING:
    from crestline.live.transport import Transport

QUEUED, CLAIMED, AGENT_REPLY, RESOLVED = "queued", "claimed", "agent_reply", "resolved"
WAITING_BOT, BOT, BOT_REPLY = "waiting_bot", "bot", "bot_reply"
REJECTED, ABANDONED, TRANSFERRED = "rejected", "abandoned", "transferred"
KINDS = frozenset({
    WAITING_BOT, BOT, BOT_REPLY, QUEUED, CLAIMED, AGENT_REPLY, TRANSFERRED, RESOLVED, REJECTED, ABANDONED
})  # fmt: skip


class Unanswered(TargetError):
    """No answer came: the target could not be reached, hung up or took too long."""


class Refused(TargetError):
    """The target answered, but not as the verb needs it."""

    def __init__(self, verb: str, status: int, body: object) -> None:
        self.status, self.body = status, body
        super().__init__(f"{verb}: the target answered {status} ({body})")


class Answer(NamedTuple):
    """What came back for one request: the status, the decoded JSON or the text, and headers by lower-case name."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Http(Protocol):
    """One customer's or one agent's way to the target, which keeps cookies as a browser does; raises ``Unanswered``."""

    @property
    def way(self) -> Transport:
        """Where the target is and how to get there, for an adapter that has a client of its own."""

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        fine: tuple[int, ...] = (),
    ) -> Answer:
        """Send one request, with a body of JSON or of a form's fields; redirects are not followed.

        ``name`` groups requests in statistics, statuses in ``fine`` are no failure there.
        """

    def record(self, name: str, seconds: float, error: Exception | None = None) -> None:
        """Tell the statistics of a request that the adapter has sent by a client of its own, once it is over.

        ``seconds`` is how long it took; with an ``error`` it has failed.
        """


class Opening(NamedTuple):
    """What a customer says first, with the script that a target may obey; times in real seconds."""

    key: str  # the same key again is the same conversation
    run: str
    row: int
    customer: int
    contact: str
    vip: bool
    text: str
    bot: bool  # whether triage is to see it
    reply_in: float  # how long the bot takes
    resolves: bool
    routed_to: str  # skill to which triage hands it on
    name: str = "rehearsal-check"  # what the customer is called; test customers are known by its beginning
    trace: str = ""  # the traceparent of the contact, which its requests carry as a header (W3C Trace Context)
    variants: Mapping[str, Mapping[str, bool | str]] = MappingProxyType({})
    """What other versions of the bot make of it (``worse``, ``candidate``): resolves, routed_to, fails."""


class Event(NamedTuple):
    """Something that happened to a conversation; ``n`` counts up from 1, ``kind`` is one of ``KINDS``."""

    n: int
    kind: str
    text: str = ""
    at: float | None = None  # the target's own clock, where it tells
    by: str = ""  # who resolved: bot or agent


class Opened(NamedTuple):
    """A conversation, and what has happened to it by the time of the answer."""

    id: str
    events: tuple[Event, ...] = ()


class Seat(NamedTuple):
    """Where an agent logs in: one session is one slot."""

    name: str
    run: str
    group: str
    skills: tuple[str, ...]


class Claim(NamedTuple):
    """A contact that an agent has taken."""

    id: str
    row: int
    contact: str
    queue: str  # the skill in whose queue it waited
    vip: bool = False


class PoolHealth(NamedTuple):
    """One pool of the target: members it ought to have and has ready, their slots, and who waits for one."""

    planned: int
    ready: int
    slots: int
    busy: int
    waiting: int


class Health(NamedTuple):
    """How the target says it is."""

    pools: Mapping[str, PoolHealth]
    queues: Mapping[str, int]
    agents: int = 0
    service_p90_s: float | None = None
    instance: str = ""  # which process answers, where the target says
    alarms: Mapping[str, float] = MappingProxyType({})  # its own that are raised, and for how many real seconds


class FaultState(NamedTuple):
    """A fault in the target; ages are real seconds ago, None while it has not come to that."""

    id: str
    state: str  # planned, effective, healing or healed
    effective_ago: float | None = None
    healed_ago: float | None = None


class Capabilities(NamedTuple):
    """What a target can do; what it cannot is reported as not measured instead of 0."""

    scripted: bool = False  # the bot obeys the script
    atomic_claim: bool = False  # two agents never get the same contact
    rating: bool = False
    push: bool = False  # events and claims come at once, not by polling
    server_times: bool = False
    by_run: bool = False  # agents get contacts of their own run alone
    faults: tuple[str, ...] = ()  # kinds that it can be told to suffer
    export: bool = False


class Adapter(Protocol):
    """The verbs of a service desk. ``poll`` and ``claim`` wait up to ``wait`` real seconds for something to tell.

    What a target can do without an adapter may inherit from ``basics.Basics``; ``polling`` waits for targets that
    do not push.
    """

    capabilities: ClassVar[Capabilities]

    def __init__(self, http: Http) -> None: ...

    def begin(self, run: str, zero_in: float, time_scale: float, digest: str) -> None:
        """Announce a run whose zero is ``zero_in`` real seconds from now; refused if the target is set otherwise."""

    def open(self, contact: Opening) -> Opened:
        """Open a conversation, or find the one with this key."""

    def poll(self, conversation: str, after: int, wait: float) -> tuple[Event, ...]:
        """Events after number ``after``."""

    def send(self, conversation: str, text: str) -> None:
        """Say something as the customer."""

    def abandon(self, conversation: str) -> bool:
        """Leave; False if an agent was faster, or the conversation has ended."""

    def rate(self, conversation: str, stars: int) -> None:
        """Rate a resolved conversation, 1 to 5."""

    def login(self, seat: Seat) -> str:
        """Take a seat; the agent's session."""

    def claim(self, agent: str, turn: int, wait: float, done: str | None = None) -> Claim | None:
        """Resolve ``done`` and take the next contact; the same ``turn`` again gives the same answer."""

    def reply(self, agent: str, conversation: str, text: str) -> None:
        """Answer as the agent."""

    def transfer(self, agent: str, conversation: str, to: str) -> None:
        """Pass the contact on to the queue of skill ``to``."""

    def resolve(self, agent: str, conversation: str) -> None:
        """End the conversation as resolved."""

    def logout(self, agent: str) -> None:
        """Leave the seat; a claim that waits is answered with none."""

    def health(self) -> Health:
        """How the target says it is."""

    def strike(self, kind: str, in_s: float, for_s: float, ttl_s: float, **options: Any) -> str:
        """Bring a fault about, ``in_s`` from now, for ``for_s``; it heals itself after ``ttl_s`` at the latest.

        ``options`` are what is particular to the kind, as plain JSON, durations in real seconds.
        """

    def fault(self, fault: str) -> FaultState:
        """How far a fault has come."""

    def heal(self, fault: str) -> None:
        """Lift a fault now."""

    def release(self, share: float, version: str = "candidate", ttl_s: float | None = None) -> None:
        """Let the candidate of a release serve this share of the customers, for ``ttl_s`` real seconds at most."""

    def export(self, run: str) -> Iterator[dict[str, Any]]:
        """Every conversation of the run as the target knows it."""

    def cleanup(self, run: str) -> None:
        """Forget the run, where a target can."""


def load(path: str) -> type[Adapter]:
    """The adapter class that ``module:CLASS`` names; modules of the working directory are found, too."""
    module, _, name = path.partition(":")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(importlib.import_module(module), name)
    except Exception as error:  # noqa: BLE001 - a module of somebody else's may raise anything
        why = f"{type(error).__name__}: {error}" if not isinstance(error, ImportError | AttributeError) else error
        msg = f"adapter {path!r}: cannot be loaded ({why}); expected module:CLASS, for example {DESK}"
        raise UsageError(msg) from None
    missing = sorted(verb for verb in VERBS if not hasattr(found, verb))
    if missing:
        msg = f"adapter {path!r}: lacks {', '.join(missing)}; inherit crestline.live.adapters.basics.Basics for {LEFT}"
        raise UsageError(msg)
    if not isinstance(found.capabilities, Capabilities):
        msg = f"adapter {path!r}: capabilities: got {found.capabilities!r}, expected Capabilities(...)"
        raise UsageError(msg)
    return found  # type: ignore[no-any-return]


DESK = "crestline.live.adapters.desk:DeskAdapter"
LEFT = "what the target does not have"
VERBS = ("capabilities", *(name for name in vars(Adapter) if not name.startswith("_")))

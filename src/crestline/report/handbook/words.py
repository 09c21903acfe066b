"""What a handbook says of every service alike: roles, priorities, and what to do about each kind of fault."""

from __future__ import annotations

from typing import NamedTuple

from crestline.scenario import Scenario


class Duty(NamedTuple):
    """A role: who has it where the scenario names nobody, and what it is there for."""

    usually: str
    what: str


ROLES = {
    "lead": Duty("duty manager", "leads until queues are back; decides, tells everybody, keeps the log"),
    "technology": Duty("engineer on call", "finds what broke, repairs it or takes it out of the way"),
    "floor": Duty("shift lead", "moves agents, calls standby in and sends it home"),
    "voice": Duty("customer communication", "speaks to customers: greeting of the bot, banner, social channels"),
    "relief": Duty("complaints lead", "traces harmed customers, offers compensation, owns the escalated ones"),
    "press": Duty("spokesperson", "speaks to press and partners; nobody else does"),
}


def who(scenario: Scenario, role: str) -> str:
    """Who has a role: by the scenario's handbook, else who usually has."""
    held, usual = scenario.handbook.roles.get(role), ROLES.get(role)
    return (held.who if held else "") or (usual.usually if usual else role)


CUSTOMERS, BRAND, COST = "customers", "brand", "cost"
PRIORITIES = {
    CUSTOMERS: ("Customer loss", "Nobody waits without a word, nobody is lost. Comes before everything."),
    BRAND: ("Brand", "What is said is true, early, and the same everywhere."),
    COST: ("Cost", "Standby, compensation, overtime: counted afterwards, never waited for."),
}

IF = {
    "triage-outage": "the bot fails",
    "triage-brownout": "the bot becomes slow",
    "triage-worse": "a bad release of the bot is out",
    "web-worker-kill": "web workers die",
    "storage-stall": "storage stands still",
    "platform-outage": "the platform fails",
    "wire": "the wire is bad",
    "agents-leave": "agents leave",
    "slow-agents": "agents become slow",
    "pool-freeze": "the pool does not grow",
    "demand-spike": "demand leaps",
    "retry-storm": "customers come back at once",
}


class Fallback(NamedTuple):
    """One kind of fault: what customers meet, what carries the service meanwhile, and what ends it."""

    meets: str
    meanwhile: str
    repair: str
    calls_standby: bool = False  # where the scenario has any


FALLBACKS = {
    "triage-outage": Fallback(
        "the bot does not answer; whoever it held is given back",
        "move agents to the queue that grows fastest",
        "restart the bot's workers; until all are back let the queue feed them slowly",
        calls_standby=True,
    ),
    "triage-brownout": Fallback(
        "the bot answers slowly or not at all, and looks well",
        "send new contacts past the bot to people",
        "restart the workers that hang, one after the other",
    ),
    "triage-worse": Fallback(
        "the bot resolves less and misreads more",
        "send what it is unsure of to people",
        "roll the release back; do not wait for the proof to become perfect",
    ),
    "web-worker-kill": Fallback(
        "requests break off and are tried again",
        "nothing: what was accepted is kept; watch for doubles",
        "find what kills the workers; take the machine out",
    ),
    "storage-stall": Fallback(
        "nothing is accepted and nothing handed out",
        "the greeting says so; agents finish what they hold and call back by phone",
        "release the lock or fail over to the standby database",
    ),
    "platform-outage": Fallback(
        "nobody gets in; those who try come back, and bring others",
        "open another door: phone, mail, a form that takes number and wish",
        "bring the platform back, and let customers in by and by",
    ),
    "wire": Fallback(
        "requests are late, break off or fail",
        "the other line or region; longer time-outs with fewer retries",
        "take the broken hop out; ask the provider with times and addresses",
    ),
    "agents-leave": Fallback(
        "fewer people answer; queues grow without any alarm of a machine",
        "put off breaks and training, take the simple types to the bot",
        "find out why they left; agents who are back take the oldest contacts first",
        calls_standby=True,
    ),
    "slow-agents": Fallback(
        "every contact takes longer",
        "leave out wrap-up work that can wait",
        "find the tool that is slow; give agents answers that need it not",
        calls_standby=True,
    ),
    "pool-freeze": Fallback(
        "the bot's pool does not grow when more customers come",
        "people take what the bot cannot",
        "add workers by hand; ask the platform for quota",
    ),
    "demand-spike": Fallback(
        "many more come than usual, most with one question",
        "answer the one question before it is asked: greeting, banner, a short message",
        "stop what draws them, where it is ours: a campaign, a wrong mail",
    ),
    "retry-storm": Fallback(
        "whoever was not helped comes back at once, again and again",
        "tell when to come back; call back instead; limit the queue",
        "end the cause; let the queue empty before the doors open wide",
    ),
}
UNKNOWN = Fallback(
    "see what the hook breaks",
    "people take over what machines cannot do",
    "undo the change; ask its owner",
)


def fallback(kind: str) -> Fallback:
    """What to do about a kind of fault."""
    return FALLBACKS.get(kind, UNKNOWN)

"""What is rehearsed: the scenario as models, read from YAML with ``load`` and written with ``dump``."""

from crestline.scenario.advice import live_time_scale, warnings
from crestline.scenario.agents import AgentGroup, Steps
from crestline.scenario.alerts import Alerts
from crestline.scenario.canary import Canary, Candidate
from crestline.scenario.contacts import ContactType, Recontact, Vip
from crestline.scenario.demand import Demand, RateCurve, Surge
from crestline.scenario.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Part,
)
from crestline.scenario.dumping import dump
from crestline.scenario.faults import AgentsLeave, Fault, PlatformOutage, TriageOutage
from crestline.scenario.handbook import Escalation, Handbook, Role
from crestline.scenario.incident import Incident
from crestline.scenario.load_test import LoadTest
from crestline.scenario.loading import changed, load, shipped
from crestline.scenario.model import Day, Scenario
from crestline.scenario.objectives import Objective
from crestline.scenario.plan import Plan
from crestline.scenario.recovery import Recovery
from crestline.scenario.replay import Replay
from crestline.scenario.satisfaction import Satisfaction
from crestline.scenario.shifts import Break, Shift
from crestline.scenario.standby import CallWhen, Standby
from crestline.scenario.triage import Breaker, Pool, Triage

__all__ = [
    "AgentGroup",
    "AgentsLeave",
    "Alerts",
    "Break",
    "Breaker",
    "CallWhen",
    "Canary",
    "Candidate",
    "Constant",
    "ContactType",
    "Day",
    "Demand",
    "Distribution",
    "Empirical",
    "Escalation",
    "Exponential",
    "Fault",
    "Gamma",
    "Handbook",
    "Hyperexponential",
    "Incident",
    "LoadTest",
    "Lognormal",
    "Objective",
    "Part",
    "Plan",
    "PlatformOutage",
    "Pool",
    "RateCurve",
    "Recontact",
    "Recovery",
    "Replay",
    "Role",
    "Satisfaction",
    "Scenario",
    "Shift",
    "Standby",
    "Steps",
    "Surge",
    "Triage",
    "TriageOutage",
    "Vip",
    "changed",
    "dump",
    "live_time_scale",
    "load",
    "shipped",
    "warnings",
]

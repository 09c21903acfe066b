"""Open files: every connection is one, and a system allows a process so many."""

from __future__ import annotations

import resource

from crestline.errors import UsageError
from crestline.scenario import Scenario
from crestline.tables import Timeline

BESIDES = 100  # open files that are no connections of customers or agents
PLENTY = 65_536  # are asked for where the system does not say how many it allows


def most_slots(scenario: Scenario, timeline: Timeline) -> int:
    """How many agents' slots there can be at once, standby included."""
    standby, slots = scenario.standby, sum(max(staffing.slots, default=0) for staffing in timeline.staffing)
    return slots + (standby.agents * scenario.agents[standby.group].chats if standby else 0)


def allow_files(connections: int) -> None:
    """Take as many open files as the system allows; refused where they are too few for so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed, is_bounded = connections + BESIDES, hard != resource.RLIM_INFINITY
    if is_bounded and hard < needed:
        msg = (
            f"open files: this run may need {needed:,} at once, and the system allows a process {hard:,} (ulimit -Hn); "
            f"raise that to {needed} (ulimit -n as root, LimitNOFILE= of a service, --ulimit nofile= of a container), "
            "spread the customers with --workers, or lower load_test.level"
        )
        raise UsageError(msg)
    wanted = hard if is_bounded else max(PLENTY, needed)
    if soft not in (resource.RLIM_INFINITY, wanted):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

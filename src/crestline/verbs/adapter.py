"""``crestline adapter check``: whether an adapter speaks to its target, verb by verb."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from crestline.live import adapters, guards
from crestline.live.adapters.check import Step, check
from crestline.live.wire import Wire
from crestline.scenario import Scenario


def check_adapter(scenario: Scenario, adapter: str, host: str) -> Iterator[Step]:
    """Play one chain against a host that may be loaded; ends at the first verb that fails."""
    guards.check_host(host, scenario.load_test.allowed_hosts)
    kind = adapters.load(adapter)
    group, settings = next(iter(scenario.agents.items()))
    customer, agent = Wire(host), Wire(host)
    try:
        run = f"check-{secrets.token_hex(4)}"
        yield from check(kind(customer), kind(agent), run=run, contact=settings.skills[0], group=group)
    finally:
        customer.close()
        agent.close()

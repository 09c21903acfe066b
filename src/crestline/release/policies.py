"""Ways of rolling out, side by side: on the same days, with the same customers and the same candidate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from crestline.errors import UsageError
from crestline.release.rollout import Rollout, roll_out, usual_day
from crestline.release.steps import INCONCLUSIVE, PROMOTE, ROLL_BACK
from crestline.scenario import Canary, Scenario
from crestline.units import format_share, parse_share

Policy = tuple[float, ...]
AT_ONCE: Policy = (1.0,)  # big bang
OTHERS: tuple[Policy, ...] = ((0.10, 0.50, 1.0), (0.50, 1.0), AT_ONCE)


class Record(NamedTuple):
    """What one policy came to over the days."""

    policy: Policy
    rollouts: tuple[Rollout, ...]

    def plain(self, start_s: float) -> dict[str, Any]:
        """As ``run.json`` has it; means over the days."""
        times = [one.decided_s - start_s for one in self.rollouts if one.decided_s is not None]
        counts = {
            word: sum(one.decision == word for one in self.rollouts) for word in (PROMOTE, ROLL_BACK, INCONCLUSIVE)
        }
        return {
            "policy": spell(self.policy),
            "promoted": counts[PROMOTE],
            "rolled_back": counts[ROLL_BACK],
            "inconclusive": counts[INCONCLUSIVE],
            "decided_after_s": float(np.mean(times)) if times else None,
            "exposed": float(np.mean([one.exposed for one in self.rollouts])),
            "harmed": float(np.mean([one.harmed for one in self.rollouts])),
        }


def spell(policy: Policy) -> str:
    """The steps in words."""
    return " -> ".join(format_share(share).replace(" ", "") for share in policy)


def read_policy(text: str) -> Policy:
    """Steps as they are written: ``1%,10%,50%,100%``."""
    try:
        return Canary.model_validate({"steps": [parse_share(part.strip()) for part in text.split(",")]}).steps
    except ValueError as error:
        words = str(error).strip().splitlines()[-1].split(" [type=")[0].strip()
        msg = f"--policy {text}: {words}"
        raise UsageError(msg) from None


def compare(
    scenario: Scenario,
    policies: Sequence[Policy],
    *,
    seed: int,
    runs: int,
    engine: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Record]:
    """Every policy on every day."""
    made: list[list[Rollout]] = [[] for _ in policies]
    for number in range(runs):
        on = usual_day(scenario, seed, number, engine)
        for rollouts, policy in zip(made, policies, strict=True):
            rollouts.append(roll_out(on, scenario.canary.model_copy(update={"steps": policy})))
        progress(number + 1)
    return [Record(policy, tuple(rollouts)) for policy, rollouts in zip(policies, made, strict=True)]

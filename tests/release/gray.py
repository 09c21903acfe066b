"""A service of 5,000 contacts an hour, whose bot resolves 82 % of them."""

from __future__ import annotations

from collections.abc import Sequence

from crestline.scenario import Scenario, load

CONTACT = {
    "share": "100%",
    "bot_resolves": "82%",
    "handle_time": {"exponential": {"mean": "4min"}},
    "patience": {"exponential": {"mean": "3min"}},
}


def gray(*sets: str) -> Scenario:
    """The service, with changes."""
    return load(
        {
            "name": "gray",
            "day": {"start": "00:00", "length": "14h"},
            "demand": {"rate": "5000/h"},
            "contacts": {"all": CONTACT},
            "triage": {
                "reply_time": {"lognormal": {"mean": "12s", "cv": "60%"}},
                "pool": {"workers": 10, "at_most": 20, "slots": 4, "start_up": "2min"},
            },
            "agents": {"all": {"skills": ["all"], "on_duty": 75}},
        },
        sets,
    )


def rolled(count: int, *sets: str) -> Sequence[tuple[str, float]]:
    """How so many days ended, and at which share."""
    from crestline.release.rollout import roll_out, usual_day

    scenario = gray(*sets)
    days = (roll_out(usual_day(scenario, 7, number), scenario.canary) for number in range(count))
    return [(day.decision, day.steps[-1].share) for day in days]

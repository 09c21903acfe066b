"""Mitigations by name, and services without them."""

from __future__ import annotations

import pytest

from crestline import load
from crestline.errors import UsageError
from crestline.mitigations import mitigations, without


def test_a_service_has_what_its_scenario_says() -> None:
    assert [one.name for one in mitigations(load("monthly-drill"))] == ["standby", "scale-out", "fallback"]
    assert [one.name for one in mitigations(load("promotion-day"))] == ["standby", "scale-out", "shedding", "fallback"]
    assert mitigations(load("bank-1999")) == ()


def test_what_is_left_out_is_gone_and_nothing_else() -> None:
    whole = load("promotion-day")
    bare = without(whole, ["standby", "scale-out", "shedding", "fallback"])
    assert mitigations(bare) == ()
    assert bare.standby is None
    assert bare.triage is not None
    assert (bare.triage.when_down, bare.triage.pool.at_most) == ("reject", bare.triage.pool.workers)
    assert {kind.queue_limit for kind in bare.contacts.values()} == {None}
    assert (bare.demand, bare.agents, bare.faults) == (whole.demand, whole.agents, whole.faults)


def test_a_breaker_is_left_out_alone() -> None:
    whole = load("promotion-day", ["triage.breaker={}"])
    bare = without(whole, ["breaker"])
    assert [one.name for one in mitigations(whole)] == ["standby", "scale-out", "shedding", "fallback", "breaker"]
    assert bare == load("promotion-day")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("stanby", "--without stanby: unknown; expected one of standby, scale-out"),
        ("shedding", "monthly-drill has none; it has standby, scale-out, fallback"),
    ],
)
def test_what_is_not_there_cannot_be_left_out(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        without(load("monthly-drill"), [name])

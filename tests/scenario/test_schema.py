"""The JSON Schema describes files as people write them."""

from typing import Any

import pytest

from crestline.scenario import load
from crestline.scenario.dumping import dump
from crestline.scenario.loading import shipped
from crestline.scenario.reading import read_yaml
from crestline.scenario.schema import input_schema

SCHEMA = input_schema()


def known_keys(schema: dict[str, Any], data: Any) -> list[str]:
    """Keys of ``data`` that the schema has no word for, followed through references and lists."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if not isinstance(data, dict) or "properties" not in schema:
        return []
    missing = [key for key in data if key not in schema["properties"]]
    return missing + [
        found for key, value in data.items() if key in schema["properties"]
        for found in known_keys(schema["properties"][key], value)
    ]  # fmt: skip


def test_only_four_keys_have_to_stand() -> None:
    assert SCHEMA["required"] == ["name", "demand", "contacts", "agents"]
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["$defs"]["LoadTest"]["required"] == []


def test_defaults_carry_units() -> None:
    assert SCHEMA["properties"]["interval"]["default"] == "30min"
    assert SCHEMA["$defs"]["Pool"]["properties"]["scale_out_at"]["default"] == "75%"
    assert SCHEMA["$defs"]["Recovery"]["properties"]["give_up"]["default"] == "1h"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_key_of_a_complete_scenario_is_described(name: str) -> None:
    data = read_yaml(dump(load(name)), name).data
    assert known_keys(SCHEMA, data) == []


def test_every_kind_of_distribution_and_fault_is_described() -> None:
    choice = SCHEMA["$defs"]["ContactType"]["properties"]["handle_time"]["oneOf"]
    assert [next(iter(kind["properties"])) for kind in choice] == [
        "constant", "exponential", "lognormal", "gamma", "hyperexponential", "empirical",
    ]  # fmt: skip
    assert set(SCHEMA["properties"]["faults"]["items"]["discriminator"]["mapping"]) == {
        "triage-outage", "triage-brownout", "triage-worse", "web-worker-kill", "storage-stall", "platform-outage",
        "agents-leave", "slow-agents", "pool-freeze", "demand-spike", "retry-storm", "wire", "command", "http", "chaos",
    }  # fmt: skip

"""The format of scenario files as JSON Schema, for editors and other tools."""

from __future__ import annotations

from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from crestline.scenario.model import Scenario


class _AsWritten(GenerateJsonSchema):
    """Shows defaults in the units people write, as all other values stand in the schema."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        spell = cast("dict[str, Any]", schema["schema"]).get("serialization", {})
        if "default" in made and spell.get("type") == "function-plain":
            made["default"] = spell["function"](schema["default"])
        return made


def input_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    schema = Scenario.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    return {"$schema": _AsWritten.schema_dialect} | schema

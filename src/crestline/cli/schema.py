"""``crestline schema``: the format of scenario files as JSON Schema."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors and other tools.

    \b
    Example:
      crestline schema > scenario.schema.json
      and as the first line of a scenario:  # yaml-language-server: $schema=scenario.schema.json
    """
    from crestline.scenario import Scenario

    schema = Scenario.model_json_schema(by_alias=True)
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    typer.echo(json.dumps(dialect | schema, indent=2, ensure_ascii=False))

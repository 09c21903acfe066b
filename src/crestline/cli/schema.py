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
    from crestline.scenario.schema import input_schema

    typer.echo(json.dumps(input_schema(), indent=2, ensure_ascii=False))

"""A scenario written back as YAML, complete: defaults and values of CSV files stand in it."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from crestline.scenario.block import spelled
from crestline.scenario.model import Scenario


def dump(scenario: Scenario) -> str:
    """YAML that loads back to an equal scenario, in the units people use."""
    yaml = YAML(pure=True)
    yaml.width = 110
    yaml.default_flow_style = None
    out = StringIO()
    yaml.dump(_quoted(spelled(scenario)), out)
    return out.getvalue()


def _quoted(node: Any) -> Any:
    """Put clock times in quotes, for readers that take 22:00 for a number."""
    if isinstance(node, dict):
        return {_quoted(key): _quoted(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_quoted(item) for item in node]
    return DoubleQuotedScalarString(node) if isinstance(node, str) and re.match(r"\d+:", node) else node

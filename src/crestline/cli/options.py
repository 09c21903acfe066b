"""Arguments and options that several verbs share, so that they read the same everywhere."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from crestline.units import parse_duration, parse_level, parse_share


def _level(text: str) -> float:
    try:
        return parse_level(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _share(text: str) -> float:
    try:
        return parse_share(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _duration(text: str) -> str:
    """Checked, but kept as it is written, since it becomes a key of the scenario."""
    try:
        parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return text


ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A shipped scenario by name, such as monthly-drill, or a YAML file.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a key, such as agents.general.on_duty=20; repeatable."),
]


Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="MITIGATION",
        help="Leave one out: standby, scale-out, shedding, fallback, breaker or speaking; repeatable.",
    ),
]


class Format(StrEnum):
    """How a run is printed."""

    table = "table"
    json = "json"
    markdown = "markdown"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Equal seeds give equal customers; a fixed one by default.")]
Level = Annotated[
    float | None, typer.Option(parser=_level, metavar="LEVEL", help="Times the usual demand, such as 200%.")
]
Out = Annotated[str | None, typer.Option(metavar="DIR", help="Where the run's folder is written.")]
Engine = Annotated[
    str | None,
    typer.Option(metavar="ENGINE", help="What plays the days: compiled (fast), or simpy, the reference; same results."),
]
Precision = Annotated[
    float | None,
    typer.Option(
        parser=_share,
        metavar="SHARE",
        help="Play as many days as it takes to know each objective's measure to ± this share of its limit, such as 1% "
        "(95 % interval; recovery to one bucket).",
    ),
]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Play the days on a Dask cluster, such as tcp://10.0.0.1:8786.")
]
Deadline = Annotated[
    str | None,
    typer.Option(
        parser=_duration, metavar="DURATION", help="Stop the live run after this much real time, such as 20min; code 5."
    ),
]

"""``crestline init``: a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crestline.errors import UsageError


def init(
    path: Annotated[Path, typer.Argument(help="The file to write; one that stands there is never touched.")] = Path(
        "scenario.yaml"
    ),
) -> None:
    """Write a commented scenario to start from.

    \b
    Examples:
      crestline init
      crestline init my-service.yaml
    """
    from crestline.scenario import shipped

    text = shipped()["starter"].read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        msg = f"{path}: stands there already and was left as it is; give another path"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise UsageError(msg) from None
    typer.echo(f"Wrote {path}. Next: change its numbers, then: crestline check {path}", err=True)

"""The report as a page: files side by side that a strict content policy lets through, or all in one file."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crestline.report.figures import Picture, svg
from crestline.report.page import page
from crestline.report.record import Record

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER, INDEX, STYLE = "report", "index.html", "style.css"
PAGE, CANARY = "index.html.j2", "canary.html.j2"  # templates


class Shown(Protocol):
    """What stands on a page."""

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture of it."""


def write_page(record: Record, folder: Path) -> Path:
    """Write the report's page and what belongs to it."""
    return write_files(page(record), folder)


def write_one_file(record: Record, path: Path) -> Path:
    """Write the whole report as one file."""
    return write_whole(page(record), path)


def write_files(shown: Shown, folder: Path, template: str = PAGE) -> Path:
    """Write ``index.html``, ``style.css`` and the pictures: no inline style or script, no data addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for picture in shown.pictures:
        for narrow in (False, True):
            (folder / file_name(picture, narrow=narrow)).write_text(svg(picture, narrow=narrow), encoding="utf-8")
    (folder / STYLE).write_text(_style(), encoding="utf-8")
    index = folder / INDEX
    index.write_text(_template(template).render(page=shown, source=file_name, style=""), encoding="utf-8")
    return index


def write_whole(shown: Shown, path: Path, template: str = PAGE) -> Path:
    """Write a page as one file, for sending by mail; a strict content policy would blank it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_template(template).render(page=shown, source=_embedded, style=_style()), encoding="utf-8")
    return path


def file_name(picture: Picture, *, narrow: bool = False) -> str:
    """The file of a picture; phones get the narrow one."""
    return f"{picture.name}{'-narrow' if narrow else ''}.svg"


def _embedded(picture: Picture, *, narrow: bool = False) -> str:
    coded = base64.b64encode(svg(picture, narrow=narrow).encode()).decode()
    return f"data:image/svg+xml;base64,{coded}"


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("crestline.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return environment.get_template(name)


def _style() -> str:
    from importlib.resources import files

    return (files("crestline.report") / "templates" / STYLE).read_text(encoding="utf-8")

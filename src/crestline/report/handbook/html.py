"""A document as one page that prints well: style inside, no script, nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from crestline.report.handbook.document import BLANK, Document

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE, STYLE = "handbook.html.j2", "handbook.css"


def html(document: Document) -> str:
    """The whole page."""
    style = (files("crestline.report") / "templates" / STYLE).read_text(encoding="utf-8")
    return _template().render(document=document, style=style, blank=BLANK)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("crestline.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.tests["kind"] = lambda block, name: type(block).__name__ == name
    return environment.get_template(TEMPLATE)

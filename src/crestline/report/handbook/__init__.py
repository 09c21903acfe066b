"""The service-interruption handbook: made from a scenario, shown as Markdown or as a page, replayed by a drill."""

from crestline.report.handbook.book import handbook
from crestline.report.handbook.by_fault import Expected
from crestline.report.handbook.html import html
from crestline.report.handbook.markdown import markdown

__all__ = ["Expected", "handbook", "html", "markdown"]

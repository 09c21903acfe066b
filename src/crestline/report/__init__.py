"""What a run says to people and machines: page, summary, JUnit, metrics and screens, all rebuilt from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crestline.runs import RunFolder

SUMMARY, JUNIT, METRICS, ONE_FILE = "summary.md", "junit.xml", "metrics.txt", "report.html"


def write(folder: RunFolder, *, self_contained: bool = False) -> Path:
    """Build everything that a run folder says from what it holds, and return the page.

    Equal folders give equal bytes. ``self_contained`` adds ``report.html``, the page as one file, and returns that.
    """
    from crestline.report.html import FOLDER, write_one_file, write_page
    from crestline.report.junit import junit
    from crestline.report.metrics import metrics
    from crestline.report.record import read
    from crestline.report.summary import summary

    record = read(folder)
    for name, text in {SUMMARY: summary(record.run), JUNIT: junit(record.run), METRICS: metrics(record.run)}.items():
        (folder.path / name).write_text(text, encoding="utf-8")
    index = write_page(record, folder.path / FOLDER)
    return write_one_file(record, folder.path / ONE_FILE) if self_contained else index

"""The pictures of a report, one kind a file; the only place that draws."""

from __future__ import annotations

from crestline.report.figures.picture import Picture, Twin
from crestline.report.figures.recovery import recovery
from crestline.report.figures.response import response, response_by_type
from crestline.report.figures.roster import roster
from crestline.report.figures.staffing import interval_table, staffing
from crestline.report.figures.stages import stages
from crestline.report.figures.style import svg

__all__ = [
    "Picture", "Twin", "interval_table", "recovery", "response",
    "response_by_type", "roster", "staffing", "stages", "svg",
]  # fmt: skip

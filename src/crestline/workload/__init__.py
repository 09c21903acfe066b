"""Everything random or scheduled, decided before the run: arrivals, handle times, patience, shifts, fault windows."""

from crestline.workload.sampling import sample
from crestline.workload.span import Span, day, window
from crestline.workload.timelines import timeline

__all__ = ["Span", "day", "sample", "timeline", "window"]

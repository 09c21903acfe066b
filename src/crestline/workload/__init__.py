"""Everything random or scheduled, decided before the run: arrivals, handle times, patience, shifts, fault windows."""

from crestline.workload.arrivals import sample_day_factor as day_factor
from crestline.workload.memory import require_memory
from crestline.workload.sampling import sample, sample_chunks
from crestline.workload.span import Span, day, window
from crestline.workload.timelines import timeline

__all__ = ["Span", "day", "day_factor", "require_memory", "sample", "sample_chunks", "timeline", "window"]

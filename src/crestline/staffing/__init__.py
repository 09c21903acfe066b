"""How many agents a service needs: offered load, search for the fewest, proof on fresh days, shifts, breaking level."""

from crestline.staffing.asked import Asked
from crestline.staffing.days import Days, objectives_of_intervals, usual, without_faults
from crestline.staffing.level import Break, Breaking, breaking_level
from crestline.staffing.load import Load, offered_load
from crestline.staffing.plan import Planned, plan_staff
from crestline.staffing.reach import MAXIMUM, Beyond, Reach, reach
from crestline.staffing.roster import Grid, grid
from crestline.staffing.search import Found, Search
from crestline.staffing.shifts import Cover, Turn, cover
from crestline.staffing.standing import FEWEST, RISK, Standing
from crestline.staffing.verify import FRESH, Verified, allowed, verify

__all__ = [
    "FEWEST",
    "FRESH",
    "MAXIMUM",
    "RISK",
    "Asked",
    "Beyond",
    "Break",
    "Breaking",
    "Cover",
    "Days",
    "Found",
    "Grid",
    "Load",
    "Planned",
    "Reach",
    "Search",
    "Standing",
    "Turn",
    "Verified",
    "allowed",
    "breaking_level",
    "cover",
    "grid",
    "objectives_of_intervals",
    "offered_load",
    "plan_staff",
    "reach",
    "usual",
    "verify",
    "without_faults",
]

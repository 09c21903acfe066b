"""Play a scenario many times and say what one day may be like: replications, and estimates over them."""

from crestline.measures.day import Day, buckets
from crestline.replicate.customers import Customers
from crestline.replicate.days import Played, day_of, play_day
from crestline.replicate.estimates import estimate
from crestline.replicate.precision import Goal, Reach
from crestline.replicate.replications import played_days, replicate
from crestline.replicate.student import t_quantile

__all__ = [
    "Customers",
    "Day",
    "Goal",
    "Played",
    "Reach",
    "buckets",
    "day_of",
    "estimate",
    "play_day",
    "played_days",
    "replicate",
    "t_quantile",
]

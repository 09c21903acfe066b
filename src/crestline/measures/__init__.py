"""What a run was like: folds over its outcomes, the same for every run, whoever produced the rows."""

from crestline.measures.keys import FIXED, unit
from crestline.measures.probe import Probe
from crestline.measures.recovery import Recovery, recover, recovered
from crestline.measures.tally import Tally, in_scope, measure, tally
from crestline.measures.values import NOTHING, Value

__all__ = [
    "FIXED",
    "NOTHING",
    "Probe",
    "Recovery",
    "Tally",
    "Value",
    "in_scope",
    "measure",
    "recover",
    "recovered",
    "tally",
    "unit",
]

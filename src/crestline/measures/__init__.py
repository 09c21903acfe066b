"""What a run was like: folds over its outcomes, the same for every run, whoever produced the rows."""

from crestline.measures.day import Day, Digest
from crestline.measures.keys import FIXED, unit
from crestline.measures.probe import Probe
from crestline.measures.recovery import Recovery, recover, recovered, settled
from crestline.measures.summary import measure
from crestline.measures.tally import in_scope
from crestline.measures.values import NOTHING, Value

__all__ = [
    "FIXED",
    "NOTHING",
    "Day",
    "Digest",
    "Probe",
    "Recovery",
    "Value",
    "in_scope",
    "measure",
    "recover",
    "recovered",
    "settled",
    "unit",
]

"""What one live run is to play: ``scenario.yaml`` and ``plan.json`` in its run folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from crestline.errors import UsageError
from crestline.live.adapters import DESK

SCENARIO, PLAN = "scenario.yaml", "plan.json"
FOLDER = "CRESTLINE_RUN"  # environment variable: the run folder that a child is to play
PARENT_PIPE = "CRESTLINE_PARENT_PIPE"  # environment variable: a descriptor whose end means that the parent is gone
JUDGED = "CRESTLINE_JUDGED_BY_PARENT"  # environment variable: set when whoever started the child judges the run


@dataclass(frozen=True)
class Plan:
    """One run. The level and the time scale stand in the scenario that lies beside it."""

    run: str
    seed: int
    digest: str = ""  # of the settings that the target is expected to have; empty: any
    host: str = ""  # where it was played, for those who judge it
    adapter: str = DESK
    workers: int = 1  # processes that play the customers; 1: the same one that conducts the run
    agents: bool = True  # whether virtual agents answer; False: load only, people or the target itself answer
    lead_s: float = 0.5  # real seconds between the announcement of a run and its zero
    release: bool = False  # whether contacts tell what the candidate of a gray release makes of them
    candidate_host: str = ""  # where a share of the customers goes instead, in a gray release over two hosts
    in_flight: int = 5000  # contacts at once; one more is dropped

    def write(self, folder: Path) -> None:
        """Leave it in the run folder."""
        (folder / PLAN).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Plan:
        """The plan of a run folder."""
        path = folder / PLAN
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            msg = f"{path}: not the plan of a run ({error}); expected the file that crestline drill writes"
            raise UsageError(msg) from None

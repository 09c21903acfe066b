"""``crestline report``: build a run's report anew from its folder, or show one of its contacts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crestline import report, runs
from crestline.errors import INCONCLUSIVE
from crestline.report.contact import contact
from crestline.report.record import read


@dataclass(frozen=True)
class Rebuilt:
    """A report that was built anew, and the run that it tells of."""

    run: dict[str, Any]
    folder: Path
    page: Path

    @property
    def exit_code(self) -> int:
        """The run's own exit code; a run that never came to a verdict is inconclusive."""
        code = self.run.get("exit_code")
        return INCONCLUSIVE if code is None else int(code)


def rebuild(path: Path, *, self_contained: bool = False) -> Rebuilt:
    """Build everything that a run folder says; ``self_contained`` adds the page as one file."""
    folder = runs.open_run(path)
    run = folder.read_run()
    page = report.write(folder, self_contained=self_contained)
    return Rebuilt(run, folder.path, page)


def show_contact(path: Path, row: int) -> str:
    """One contact of a run, step by step in both worlds, as text."""
    return contact(read(runs.open_run(path)), row)

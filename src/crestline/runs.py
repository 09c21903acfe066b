"""The run folder: created once, written as the run goes, read back; the only reader and writer of ``run.json``."""

from __future__ import annotations

import dataclasses
import json
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from crestline.errors import UsageError
from crestline.scenario import Scenario, dump, load
from crestline.tables import Outcomes, Pools

Table = TypeVar("Table", Outcomes, Pools)

SCENARIO, RUN = "scenario.yaml", "run.json"
REPORTS = Path("reports")  # where runs are left, unless somebody names another place


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """Where one run leaves everything; all else can be rebuilt from it."""

    path: Path

    @property
    def name(self) -> str:
        """The folder's own name, which is the run's."""
        return self.path.name

    def scenario(self) -> Scenario:
        """The scenario as it was resolved for this run."""
        return load(self.path / SCENARIO)

    def write_json(self, name: str, content: object) -> None:
        """Write a JSON file at one stroke: it is there whole or not at all."""
        text = json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)
        waiting = self.path / f".{name}"
        waiting.write_text(text + "\n", encoding="utf-8")
        waiting.replace(self.path / name)

    def read_json(self, name: str) -> Any:
        """Read a JSON file of the folder."""
        path = self.path / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            msg = f"{self.path}: no {name} here; expected the folder of a run, such as reports/latest"
            raise UsageError(msg) from None
        except json.JSONDecodeError as error:
            msg = f"{path}:{error.lineno}: not readable as JSON ({error.msg})"
            raise UsageError(msg) from None

    def write_run(self, run: dict[str, Any]) -> None:
        """Write ``run.json``, the truth about the run."""
        self.write_json(RUN, run)

    def read_run(self) -> dict[str, Any]:
        """Read ``run.json``."""
        run: dict[str, Any] = self.read_json(RUN)
        return run

    def write_table(self, name: str, table: Outcomes | Pools) -> None:
        """Write a table as ``<name>.npz``."""
        names = {field: getattr(table, field) for field in _names(type(table))}
        np.savez_compressed(self.path / f"{name}.npz", **table.columns(), **names)  # type: ignore[arg-type]

    def read_table(self, name: str, kind: type[Table]) -> Table:
        """Read a table back."""
        with np.load(self.path / f"{name}.npz") as stored:
            columns = {column: stored[column] for column in stored.files}
        for field in _names(kind):
            columns[field] = tuple(columns[field].tolist())
        return kind(**columns)

    def has(self, name: str) -> bool:
        """Whether the folder holds a file of this name."""
        return (self.path / name).exists()


def _names(kind: type[Outcomes | Pools]) -> list[str]:
    """The fields of a table that are no columns: what the numbers in columns are called."""
    return [field.name for field in dataclasses.fields(kind) if field.default == ()]


def create(out: Path, scenario: Scenario) -> RunFolder:
    """A new folder ``<UTC>-<scenario>-<id>`` below ``out``, with the resolved scenario; never an existing one."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", scenario.name)
    path = out / f"{stamp}-{name}-{secrets.token_hex(2)}"
    try:
        path.mkdir(parents=True)
        (path / SCENARIO).write_text(dump(scenario), encoding="utf-8")
        _point_latest(out, path)
    except OSError as error:
        msg = f"{path}: cannot write the run folder ({error.strerror}); choose another place with --out DIR"
        raise UsageError(msg) from error
    return RunFolder(path.resolve())


def open_run(path: Path) -> RunFolder:
    """The folder of an earlier run."""
    if not path.is_dir():
        msg = f"{path}: no such folder; expected the folder of a run, such as reports/latest"
        raise UsageError(msg)
    return RunFolder(path.resolve())


def _point_latest(out: Path, path: Path) -> None:
    """Let ``latest`` point to the newest run, where the file system can do that."""
    latest, waiting = out / "latest", out / f".latest-{path.name}"
    try:
        waiting.symlink_to(path.name)
        waiting.replace(latest)
    except OSError:
        waiting.unlink(missing_ok=True)

"""Copies of the compiled engine's sources with something changed in them, run as plain Python.

A copy is a package of its own: the kernel's files and the rules it translates. Nothing is translated in it, so that it
runs as soon as it is read. Records then have to be read as attributes without numba, which NumPy's own ``record`` does.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import crestline.engine
from crestline import rules

KERNEL = Path(str(crestline.engine.__file__)).with_name("compiled")
JIT = """
def compiled(function):
    return function

inlined = compiled

def fetch_ahead(records, place):
    pass

wide = int
"""
ENTRIES = """
from crestline.engine.compiled.clock import run
from crestline.engine.compiled.recorder import spread
"""
RECORDS = """
for name, made in list(globals().items()):
    if isinstance(made, np.dtype):
        globals()[name] = np.dtype((np.record, made))
"""


class Edit(NamedTuple):
    """A change of one text in one file; the text stands there exactly once."""

    file: str
    old: str
    new: str


def copy_of_kernel(folder: Path, name: str, edits: Sequence[Edit] = ()) -> ModuleType:
    """The package ``name``, written to ``folder``: the kernel as it stands, but for the edits."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in [*KERNEL.glob("*.py"), Path(rules.__file__)]}
    for file, old, new in edits:
        found = texts[file].count(old)
        assert found == 1, f"{file}: {old!r} stands there {found} times, expected once; the mutation needs a new text"
        texts[file] = texts[file].replace(old, new)
    texts["jit.py"], texts["kernel.py"] = JIT, ENTRIES
    texts["world.py"] += RECORDS
    (folder / name).mkdir()
    for file, text in texts.items():
        own = text.replace("crestline.engine.compiled", name).replace(
            "from crestline import rules", f"from {name} import rules"
        )
        (folder / name / file).write_text(own, encoding="utf-8")
    return _imported(folder, name)


def _imported(folder: Path, name: str) -> ModuleType:
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))

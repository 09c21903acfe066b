"""Machine code that was kept: it is found again, it is whole, and it stands alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from crestline.engine import engine
from crestline.scenario import load
from crestline.workload import sample, timeline, window

pytest.importorskip("numba")

from crestline.engine.compiled import kept, world
from crestline.engine.compiled.jit import names_from_elsewhere
from crestline.engine.compiled.kept import Code
from crestline.engine.compiled.kernel import Entry

PLAY = """
import sys
from crestline.engine import engine
from crestline.scenario import load
from crestline.workload import sample, timeline, window
quick = load("quick")
span = window(quick)
engine("compiled")(quick, sample(quick, 1, span), timeline(quick, span))
print(*sorted({"numba", "scipy", "simpy"} & set(sys.modules)))
"""
ORDER = np.array([2, 0, 1, 1], np.int32)


def spread_by(entry: Entry, order: Any) -> list[int]:
    """Customers 10, 11, 12 as the kernel writes them into a column in an order."""
    ended = np.zeros(3, world.ENDED)
    ended["customer"] = [10, 11, 12]
    columns = world.Columns(*(np.zeros(len(order), world.ENDED[name]) for name in world.Columns._fields))
    entry(ended, order, columns)
    return [int(customer) for customer in columns.customer]


def new_entry() -> Entry:
    """``spread`` as a new process has it: nothing is loaded."""
    return Entry("crestline.engine.compiled.recorder", "spread")


def test_a_process_that_finds_the_kernel_kept_does_without_numba() -> None:
    """Importing it takes longer than the play."""
    quick = load("quick")
    span = window(quick)
    engine("compiled")(quick, sample(quick, 1, span), timeline(quick, span))
    child = subprocess.run([sys.executable, "-c", PLAY], stdout=subprocess.PIPE, text=True, check=True)
    assert child.stdout.split() == []


def test_code_is_made_once_and_kept(tmp_path: Path) -> None:
    """The second process has it from the folder; what is broken there is made anew."""
    with patch.object(kept, "FOLDER", tmp_path):
        assert not new_entry().is_kept()
        assert spread_by(new_entry(), ORDER) == [12, 10, 11, 11]
        assert new_entry().is_kept()
        (file,) = tmp_path.iterdir()
        whole = file.read_bytes()
        with patch.object(kept, "write", side_effect=AssertionError("made again")):
            assert spread_by(new_entry(), ORDER) == [12, 10, 11, 11]
        file.write_bytes(whole[:-1])
        assert spread_by(new_entry(), ORDER) == [12, 10, 11, 11]
        assert kept.read(file) is not None


@pytest.mark.parametrize("order", [ORDER.astype(np.int64), ORDER.repeat(2)[::2]], ids=["wider", "with gaps"])
def test_arrays_of_another_form_have_code_of_their_own(tmp_path: Path, order: Any) -> None:
    """Machine code knows where the numbers of an array stand, so that it must not be given another one."""
    with patch.object(kept, "FOLDER", tmp_path):
        entry = new_entry()
        assert spread_by(entry, ORDER) == spread_by(entry, order)
        assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("columns", [1, 2])
def test_a_table_of_one_row_needs_no_code_of_its_own(columns: int) -> None:
    """Services of whatever size are played by the same machine code: to make it takes longer than most forecasts."""
    with patch.object(Entry, "_load", return_value=lambda *_: 0) as asked:
        for rows in (1, 2):
            new_entry()(np.zeros((rows, columns)))
    one, two = (call.args[0] for call in asked.call_args_list)
    assert one == two


def test_code_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Unless anything in the file has changed since."""
    file, code = tmp_path / "run.code", Code("run", b"\x7fELF\n\x00code")
    assert kept.read(file) is None
    kept.write(file, code)
    assert kept.read(file) == code
    file.write_bytes(file.read_bytes().replace(b"code", b"cold"))
    assert kept.read(file) is None


def test_code_that_needs_others_is_not_kept(tmp_path: Path) -> None:
    """A process without numba could not load it."""
    kept.write(tmp_path / "run.code", Code("run", b"", ("numba_unpickle",)))
    assert list(tmp_path.iterdir()) == []


def test_code_needs_what_it_only_declares() -> None:
    """But for what LLVM itself knows."""
    text = "declare i64 @llvm.smax.i64(i64, i64) #3\ndefine i32 @run(ptr) {\ndeclare ptr @numba_unpickle(ptr, i32)\n"
    assert names_from_elsewhere(text) == ("numba_unpickle",)


@pytest.mark.parametrize("opened", ["", "crestline"], ids=["its folder", "the folder above"])
def test_code_is_not_kept_where_others_can_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: str) -> None:
    """What is kept is run: who could replace it could run anything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    mine = kept.cache_folder()
    assert mine.is_relative_to(tmp_path)
    (tmp_path / opened if opened else mine).chmod(0o777)
    assert not kept.cache_folder().is_relative_to(tmp_path)

"""Translation to machine code by numba, and where the result is kept.

numba looks at one file when it decides whether a kept translation is still good; the kernel consists of several, and
of ``rules``. They are therefore kept in a folder named by the hash of all these sources: an edit anywhere leads to
another folder, and never to a stale kernel.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from crestline import rules

CACHE_LINE = 64  # bytes
F = TypeVar("F", bound=Callable[..., Any])


def sources() -> list[Path]:
    """The files that make up the kernel."""
    return [*sorted(Path(__file__).parent.glob("*.py")), Path(rules.__file__)]


def cache_folder() -> Path:
    """Where translations of just these sources are kept: in the user's cache, or where that cannot be written to."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources())).hexdigest()[:16]
    for root in (os.environ.get("XDG_CACHE_HOME"), os.path.expanduser("~/.cache"), tempfile.gettempdir()):  # noqa: PTH111
        folder = Path(root or "") / "crestline" / f"kernel-{digest}"
        if root and _is_made(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="crestline-kernel-"))


def _is_made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


FOLDER = cache_folder()


def compiled(function: F) -> F:
    """A part of the kernel: the function in machine code, to be called by other parts."""
    made: F = numba.njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return made


def inlined(function: F) -> F:
    """A part of the kernel that is put in place wherever it is called."""
    made: F = numba.njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)(
        function
    )
    return made


def entry(function: F) -> F:
    """A function of the kernel that Python calls; it does not hold the interpreter's lock, and is kept once made."""
    with _kept_in(FOLDER):
        made: F = numba.njit(cache=True, nogil=True, _nrt=False, no_cfunc_wrapper=True)(function)
    return made


def constant(value: int) -> int:
    """A constant of the kernel; of a plain int numba would translate every function it is given to once more."""
    return cast("int", np.int64(value))


ZERO = constant(0)


@inlined
def wide(number: int) -> int:
    """A number out of a record in 64 bits, so that functions need not be translated for narrow ones, too."""
    return number + ZERO


@intrinsic  # type: ignore[untyped-decorator]
def fetch_ahead(_: Any, records: Any, place: Any) -> Any:
    """Ask for a record some time before it is needed, so that it has come from memory by then; it changes nothing."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = cgutils.get_item_pointer(context, builder, signature.args[0], array, [arguments[1]])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        takes = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, takes, "llvm.prefetch.p0")
        for at in range(0, signature.args[0].dtype.size, CACHE_LINE):
            line = builder.gep(builder.bitcast(pointer, byte), [number(at)])
            builder.call(prefetch, [line, number(1), number(3), number(1)])  # to be written, kept close, data
        return context.get_dummy_value()

    return types.void(records, place), lower

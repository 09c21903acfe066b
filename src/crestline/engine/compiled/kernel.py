"""The kernel as Python calls it: machine code that was kept, or is made now.

What numba makes of the kernel needs neither numba nor Python, so that a process that finds it kept loads it by LLVM
alone: importing numba takes longer than many a forecast. A function in machine code takes where its result goes, where
an error goes, and a list of arrays, those of all arguments one after the other; it answers 0 when all went well
(``numba.core.callconv``).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from llvmlite import binding
from numpy.typing import NDArray

from crestline.engine.compiled import kept
from crestline.engine.compiled.kept import Code

Form = tuple[tuple[np.dtype[Any], int, str], ...]  # of arrays, as numba tells them apart: dtype, dimensions, layout
PROTOTYPE = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
ENGINES: list[Any] = []  # code stays as long as what loaded it
MAKING = Lock()


class Entry:
    """A function of the kernel that Python calls; it does not hold the interpreter's lock."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name
        self._loaded: dict[Form, Callable[..., int]] = {}

    def __call__(self, *arguments: Any) -> int:
        """Call it with arrays and tuples of them; a RuntimeError where the kernel went wrong."""
        arrays: list[Any] = list(_arrays(arguments))
        form = tuple((array.dtype, array.ndim, _layout(array)) for array in arrays)
        function = self._loaded.get(form) or self._load(form, arguments)
        answer, error = ctypes.c_int64(), ctypes.c_void_p()
        listed = (ctypes.py_object * len(arrays))(*arrays)
        status = function(ctypes.byref(answer), ctypes.byref(error), listed)
        if status:
            msg = f"{self.module}.{self.name}: the kernel stopped with status {status}, expected 0"
            raise RuntimeError(msg)
        return answer.value

    def is_kept(self) -> bool:
        """Whether its machine code is there already; if not, the first call takes some seconds."""
        return kept.is_kept(self.name)

    def _load(self, form: Form, arguments: tuple[Any, ...]) -> Callable[..., int]:
        with MAKING:
            if form not in self._loaded:
                place = kept.place(self.name, repr(form))
                code = kept.read(place) or self._made(arguments, place)
                self._loaded[form] = PROTOTYPE(_address(code))
            return self._loaded[form]

    def _made(self, arguments: tuple[Any, ...], place: Path) -> Code:
        from crestline.engine.compiled.jit import machine_code

        code = machine_code(getattr(import_module(self.module), self.name), arguments)
        kept.write(place, code)
        return code


def _arrays(value: Any) -> Iterator[NDArray[Any]]:
    if isinstance(value, tuple):
        for part in value:
            yield from _arrays(part)
    else:
        yield value


def _layout(array: NDArray[Any]) -> str:
    """Contiguous by row, which a table of one row or column always is, else by column, else with gaps."""
    return "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "A"


def _address(code: Code) -> int:
    """Load code, and say where it is."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple().create_target_machine(jit=True)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), target)
    engine.add_object_file(binding.ObjectFileRef.from_data(code.image))
    engine.finalize_object()
    ENGINES.append(engine)
    return int(engine.get_function_address(code.symbol))


run = Entry("crestline.engine.compiled.clock", "run")
spread = Entry("crestline.engine.compiled.recorder", "spread")

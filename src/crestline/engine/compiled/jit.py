"""Translation to machine code by numba."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.types.containers import BaseTuple, Tuple
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from crestline.engine.compiled.kept import Code
from crestline.engine.compiled.world import constant

CACHE_LINE = 64  # bytes
WORD, POINTER = ir.IntType(64), ir.IntType(8).as_pointer()
F = TypeVar("F", bound=Callable[..., Any])
ZERO = constant(0)


def compiled(function: F) -> F:
    """A part of the kernel: the function in machine code, to be called by other parts, or through ``kernel``."""
    made: F = numba.njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return made


def inlined(function: F) -> F:
    """A part of the kernel that is put in place wherever it is called."""
    made: F = numba.njit(nogil=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)(
        function
    )
    return made


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


def machine_code(function: Any, arguments: tuple[Any, ...]) -> Code:
    """The code of a compiled function that takes arguments like these out of a list of their arrays."""
    unpacked = _unpacked([numba.typeof(argument) for argument in arguments])

    @compiled
    def entry(arrays: Any) -> Any:
        return function(*unpacked(arrays))

    entry.compile((types.voidptr,))  # type: ignore[attr-defined]
    (made,) = entry.overloads.values()  # type: ignore[attr-defined]
    _, _, (image, _) = made.library.serialize_using_object_code()
    return Code(made.fndesc.llvm_func_name, image, names_from_elsewhere(made.library.get_llvm_str()))


def _unpacked(taken: list[Any]) -> Any:
    """Makes of a list of NumPy's objects the arguments that numba's functions take."""

    @intrinsic  # type: ignore[untyped-decorator]
    def unpacked(_: Any, listed: Any) -> Any:
        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            objects = builder.bitcast(arguments[0], POINTER.as_pointer())
            place = count()

            def made(kind: Any) -> Any:
                if isinstance(kind, BaseTuple):
                    return context.make_tuple(builder, kind, [made(part) for part in kind.types])
                array = builder.load(builder.gep(objects, [WORD(next(place))]))
                return _array(context, builder, kind, array)

            return made(signature.return_type)

        return Tuple(taken)(listed), lower

    return unpacked


def _array(context: Any, builder: Any, kind: Any, found: Any) -> Any:
    """An array of numba out of one of NumPy, by the order of its fields (``PyArrayObject`` in ``ndarraytypes.h``)."""

    def field(number: int, what: Any) -> Any:
        place = builder.gep(found, [WORD(object.__basicsize__ + 8 * number)])
        return builder.load(builder.bitcast(place, what.as_pointer()))

    def numbers(of: Any) -> list[Any]:
        return [builder.load(builder.gep(of, [WORD(axis)])) for axis in range(kind.ndim)]

    array = context.make_array(kind)(context, builder)
    data, shape, strides = field(0, array.data.type), field(2, WORD.as_pointer()), field(3, WORD.as_pointer())
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    populate_array(array, data, numbers(shape), numbers(strides), size, None)
    return array._getvalue()


def names_from_elsewhere(text: str) -> tuple[str, ...]:
    """Functions that a module in LLVM's language only declares, but for those that LLVM itself knows."""
    declared = re.findall(r'^declare [^@]*@"?([^"(]+)', text, re.MULTILINE)
    return tuple(name for name in declared if not name.startswith("llvm."))

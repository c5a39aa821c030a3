"""A computation written down once and run many times.

An operation is an array function with its buffers filled in; a program is a tuple of operations. Training builds its
programs once per network and then only runs them: no buffer is allocated, no shape is looked at and no Python
function of ours is called inside an epoch. In WebAssembly, where a Python call costs most, that is half of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Operation: TypeAlias = Callable[[], object]
Program: TypeAlias = tuple[Operation, ...]


def op(function: Callable[..., object], *buffers: object, **options: object) -> Operation:
    """Return the call `function(*buffers, **options)`, to be made later; the last buffer takes the result."""
    return partial(function, *buffers, **options)


def execute(program: Program) -> None:
    """Run every operation in turn."""
    for operation in program:
        operation()


def constant(value: float) -> Array:
    """Return a 0-d array: NumPy takes it at half the cost of a Python float."""
    array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array


def read_only_copy(array: Array) -> Array:
    """Return a copy that nobody can write to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy

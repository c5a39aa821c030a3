"""Checks of arguments, so that every refusal reads alike: the argument, its value, what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from .errors import InvalidValue
from .program import Array, read_only_copy

T = TypeVar("T")


def whole_number(argument: str, value: object, least: int, purpose: str) -> int:
    """Return `value` as an int of at least `least`; `purpose` ends the sentence if it is not one."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise InvalidValue(f"{argument} is {value!r}; {purpose}")
    return int(value)


def number(argument: str, value: object, purpose: str, least: float = -np.inf, below: float = np.inf) -> float:
    """Return `value` as a finite float with `least <= value < below`."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidValue(f"{argument} is {value!r}; {purpose}")
    result = float(value)
    if not (least <= result < below) or not np.isfinite(result):
        raise InvalidValue(f"{argument} is {value!r}; {purpose}")
    return result


def one_of(argument: str, value: object, table: Mapping[str, T]) -> T:
    """Look `value` up in a table of named things."""
    if isinstance(value, str) and value in table:
        return table[value]
    raise InvalidValue(f"{argument} is {value!r}; known are {', '.join(table)}")


def finite_array(argument: str, value: npt.ArrayLike, dimensions: int, axes: str) -> Array:
    """Return `value` as float64 with at least `dimensions` axes (named by `axes`) and no NaN or infinity."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise InvalidValue(f"{argument} is {short(value)}; it has to be an array of numbers {axes}") from problem
    if array.ndim < dimensions:
        raise InvalidValue(f"{argument} has shape {array.shape}; it has to be {axes}")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        position = ", ".join(map(str, place))
        raise InvalidValue(f"{argument}[{position}] is {float(array[place])}; every value has to be finite")
    return array


def frozen(array: Array) -> Array:
    """Return a read-only array with the same values: `array` itself if nobody can write to it, else a copy."""
    if array.flags.writeable or (isinstance(array.base, np.ndarray) and array.base.flags.writeable):
        return read_only_copy(array)
    return array


def layer_sizes(sizes: object) -> tuple[int, ...]:
    """Return the sizes of the layers, input first, as a tuple of at least two positive ints."""
    if isinstance(sizes, str) or not isinstance(sizes, Sequence) or len(sizes) < 2:
        raise InvalidValue(f"sizes is {sizes!r}; a network needs an input and an output size, such as (2, 4, 1)")
    return tuple(
        whole_number(f"sizes[{i}]", size, 1, "a layer needs at least 1 neuron") for i, size in enumerate(sizes)
    )


def short(value: object) -> str:
    """Return a repr that fits into a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."

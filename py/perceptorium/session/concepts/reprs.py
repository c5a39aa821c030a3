"""What PyTorch prints for a tensor (its ``torch/_tensor_str.py``): integers, booleans, and floats of like size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from perceptorium.engine import InvalidValue

LINE_WIDTH = 80
DECIMALS = 4
OPENING = "tensor("


def tensor_repr(values: npt.ArrayLike, suffix: str = "") -> str:
    """``tensor([[1., 2.]])`` for an array of any shape; ``suffix`` is such as ``grad_fn=<AddBackward0>``.

    float64 is named, as PyTorch names every dtype that is not the default of its kind.

    Raises:
        InvalidValue: floats that PyTorch would write with powers of ten.
    """
    array = np.asarray(values)
    suffixes = ["dtype=torch.float64"] if array.dtype == np.float64 else []
    text = OPENING + _nested(array, _formatter(array), len(OPENING))
    for word in [*suffixes, suffix] if suffix else suffixes:
        length = len(text) - text.rfind("\n") + 1  # PyTorch counts so, two more than there are on a first line
        fits = length + len(word) + 2 <= LINE_WIDTH
        text += f", {word}" if fits else f",\n{' ' * len(OPENING)}{word}"
    return f"{text})"


def size_repr(shape: tuple[int, ...]) -> str:
    """``torch.Size([2, 3])``."""
    return f"torch.Size([{', '.join(map(str, shape))}])"


def _formatter(array: npt.NDArray[Any]) -> Callable[[Any], str]:
    """A function that writes each number of the array equally wide."""
    write = _float_formatter(array) if array.dtype.kind == "f" else str
    # A float that is zero takes part in no width of PyTorch's.
    widest = array[array != 0] if array.dtype.kind == "f" else array
    width = max((len(write(value)) for value in widest.ravel().tolist()), default=1)
    return lambda value: write(value).rjust(width)


def _float_formatter(array: npt.NDArray[Any]) -> Callable[[float], str]:
    sizes = np.abs(array[array != 0].astype(np.float64))
    if not np.isfinite(sizes).all() or (
        sizes.size and (sizes.max() > 1000 * sizes.min() or sizes.max() > 1e8 or sizes.min() < 1e-4)
    ):
        raise InvalidValue(f"values holds {sizes.tolist()}; they must be of like size, or PyTorch writes powers of ten")
    if (array == np.ceil(array)).all():
        return "{:.0f}.".format
    return f"{{:.{DECIMALS}f}}".format


def _nested(array: npt.NDArray[Any], write: Callable[[Any], str], indent: int) -> str:
    if array.ndim == 0:
        return write(array.item())
    if array.ndim == 1:
        return _vector([write(value) for value in array.tolist()], indent)
    between = "," + "\n" * (array.ndim - 1) + " " * (indent + 1)
    return f"[{between.join(_nested(row, write, indent + 1) for row in array)}]"


def _vector(words: list[str], indent: int) -> str:
    each = max(1, (LINE_WIDTH - indent) // (len(words[0]) + 2)) if words else 1
    lines = [", ".join(words[start : start + each]) for start in range(0, len(words), each)]
    return f"[{(',' + chr(10) + ' ' * (indent + 1)).join(lines)}]"

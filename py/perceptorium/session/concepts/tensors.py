"""Tensors: shape, dtype, indexing, reshape, broadcasting and matrix product, and how PyTorch refuses wrong shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from perceptorium.fields import Choice
from perceptorium.session.concepts.kinds import Integer
from perceptorium.session.concepts.reprs import size_repr, tensor_repr

Values: TypeAlias = npt.NDArray[Any]

LARGEST_SIZE = 4
OPERATIONS = MappingProxyType(
    {
        "shape": "Shape and dtype",
        "row": "Index: A[i]",
        "entry": "Index: A[i, j]",
        "column": "Index: A[:, j]",
        "reshape": "Reshape",
        "add": "Broadcast: A + B",
        "matmul": "Matrix product: A @ B",
    }
)


class ShapeError(Exception):
    """PyTorch refuses an operation; the text is what Python prints last, the error's name and PyTorch's sentence."""


@dataclass(frozen=True, slots=True)
class Tensors:
    """What is computed, and with which tensors: both count up from 0, row after row.

    Attributes:
        operation: a key of OPERATIONS.
        dtype: float32, float64 or int64.
        rows, columns: the shape of A.
        rows_b, columns_b: the shape of B.
        i, j: the place that is looked up; negative ones count from the end.
        new_rows, new_columns: the new shape; −1 is whatever fits.
    """

    operation: str = "matmul"
    dtype: str = "float32"
    rows: int = 2
    columns: int = 3
    rows_b: int = 3
    columns_b: int = 2
    i: int = 1
    j: int = 0
    new_rows: int = 3
    new_columns: int = -1

    def with_field(self, field: str, text: str) -> Tensors:
        """Another value for one field; InvalidValue if it cannot be."""
        changes: dict[str, Any] = {field: FIELDS[field].read(field, text)}
        return replace(self, **changes)

    @property
    def a(self) -> Values:
        """A, (rows, columns)."""
        return _counted(self.rows, self.columns, self.dtype)

    @property
    def b(self) -> Values:
        """B, (rows_b, columns_b)."""
        return _counted(self.rows_b, self.columns_b, self.dtype)

    @property
    def expression(self) -> str:
        """The operation as Python, or "" where A alone is looked at."""
        return {
            "shape": "",
            "row": f"A[{self.i}]",
            "entry": f"A[{self.i}, {self.j}]",
            "column": f"A[:, {self.j}]",
            "reshape": f"A.reshape({self.new_rows}, {self.new_columns})",
            "add": "A + B",
            "matmul": "A @ B",
        }[self.operation]

    def result(self) -> Values:
        """What the operation gives.

        Raises:
            ShapeError: what PyTorch refuses.
        """
        actions: dict[str, Callable[[], Values]] = {
            "shape": lambda: self.a,
            "row": lambda: _indexed(self.a, self.i, None),
            "entry": lambda: _indexed(self.a, self.i, self.j),
            "column": lambda: _indexed(self.a, None, self.j),
            "reshape": lambda: _reshaped(self.a, self.new_rows, self.new_columns),
            "add": lambda: _added(self.a, self.b),
            "matmul": lambda: _multiplied(self.a, self.b),
        }
        return actions[self.operation]()

    def code(self) -> str:
        """The PyTorch program."""
        define = partial(_definition, dtype=self.dtype)
        lines = ["import torch", "", define("A", self.rows, self.columns)]
        if self.operation in ("add", "matmul"):
            lines += [define("B", self.rows_b, self.columns_b), "print(A)", "print(B)"]
        else:
            lines.append("print(A)")
        if self.expression:
            lines += [f"C = {self.expression}", "print(C)", "print(C.shape)"]
        else:
            lines += ["print(A.shape, A.dtype)", "print(A.ndim, A.numel())"]
        return "\n".join(lines) + "\n"

    def printed(self) -> str:
        """What the program prints; where PyTorch stops it, the last line is the error's."""
        lines = [tensor_repr(self.a)]
        if self.operation in ("add", "matmul"):
            lines.append(tensor_repr(self.b))
        if not self.expression:
            return "\n".join([*lines, f"{size_repr(self.a.shape)} torch.{self.dtype}", f"2 {self.a.size}"])
        try:
            result = self.result()
        except ShapeError as refusal:
            return "\n".join([*lines, str(refusal)])
        return "\n".join([*lines, tensor_repr(result), size_repr(result.shape)])


FIELDS: Mapping[str, Choice | Integer] = MappingProxyType(
    {
        "operation": Choice(tuple(OPERATIONS)),
        "dtype": Choice(("float32", "float64", "int64")),
        **dict.fromkeys(("rows", "columns", "rows_b", "columns_b"), Integer(1, LARGEST_SIZE)),
        **dict.fromkeys(("i", "j"), Integer(-LARGEST_SIZE - 1, LARGEST_SIZE)),
        **dict.fromkeys(("new_rows", "new_columns"), Integer(-1, LARGEST_SIZE**2)),
    }
)


def _definition(name: str, rows: int, columns: int, dtype: str) -> str:
    return f"{name} = torch.arange({rows * columns}, dtype=torch.{dtype}).reshape({rows}, {columns})"


def _counted(rows: int, columns: int, dtype: str) -> Values:
    return np.arange(rows * columns, dtype=dtype).reshape(rows, columns)


def _indexed(a: Values, i: int | None, j: int | None) -> Values:
    for dimension, index in enumerate((i, j)):
        size = a.shape[dimension]
        if index is not None and not -size <= index < size:
            raise ShapeError(f"IndexError: index {index} is out of bounds for dimension {dimension} with size {size}")
    return np.asarray(a[slice(None) if i is None else i, slice(None) if j is None else j])


def _reshaped(a: Values, rows: int, columns: int) -> Values:
    if rows == columns == -1:
        raise ShapeError("RuntimeError: only one dimension can be inferred")
    try:
        return a.reshape(rows, columns)
    except ValueError:
        sentence = f"RuntimeError: shape '[{rows}, {columns}]' is invalid for input of size {a.size}"
        raise ShapeError(sentence) from None


def _added(a: Values, b: Values) -> Values:
    for dimension in (1, 0):  # PyTorch compares from the last dimension on
        left, right = a.shape[dimension], b.shape[dimension]
        if left != right and 1 not in (left, right):
            raise ShapeError(
                f"RuntimeError: The size of tensor a ({left}) must match the size of tensor b ({right}) "
                f"at non-singleton dimension {dimension}"
            )
    return np.asarray(a + b)


def _multiplied(a: Values, b: Values) -> Values:
    if a.shape[1] != b.shape[0]:
        shapes = f"{a.shape[0]}x{a.shape[1]} and {b.shape[0]}x{b.shape[1]}"
        raise ShapeError(f"RuntimeError: mat1 and mat2 shapes cannot be multiplied ({shapes})")
    return np.asarray(a @ b)

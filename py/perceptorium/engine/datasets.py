"""Data to learn: the truth tables of the paper, and shapes in the plane that need a bent boundary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from .checks import finite_array, frozen
from .errors import InvalidValue
from .program import Array

#: More rows than this cannot be trained on in a page that stays responsive.
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows to train on, `x` (n, inputs) and `y` (n, outputs), and `x_test`, `y_test` held back (maybe 0 rows)."""

    name: str
    x: Array
    y: Array
    x_test: Array
    y_test: Array

    def __post_init__(self) -> None:
        for argument in ("x", "y", "x_test", "y_test"):
            array = finite_array(argument, getattr(self, argument), 2, "(rows, columns)")
            if array.ndim > 2 or array.shape[1] == 0:
                raise InvalidValue(f"{argument} has shape {array.shape}; it has to be (rows, columns)")
            if len(array) > MOST_ROWS:
                raise InvalidValue(f"{argument} has {len(array)} rows; at most {MOST_ROWS} are allowed")
            object.__setattr__(self, argument, frozen(array))
        if len(self.x) == 0:
            raise InvalidValue("x has 0 rows; there has to be at least 1 row to train on")
        for x, y in (("x", "y"), ("x_test", "y_test")):
            rows, targets = getattr(self, x).shape[0], getattr(self, y).shape[0]
            if rows != targets:
                raise InvalidValue(f"{y} has {targets} rows and {x} has {rows}; each row needs its target")
        for test, train in ((self.x_test, self.x), (self.y_test, self.y)):
            if test.shape[1] != train.shape[1]:
                raise InvalidValue(
                    f"the test rows have {test.shape[1]} columns and the rows to train on {train.shape[1]}; "
                    "they have to agree"
                )


def from_arrays(x: npt.ArrayLike, y: npt.ArrayLike, name: str = "Own data") -> Dataset:
    """Make a data set of arrays (n, inputs) and (n, outputs)."""
    x = finite_array("x", x, 2, "(rows, inputs)")
    y = finite_array("y", y, 2, "(rows, outputs)")
    return Dataset(name, x, y, x[:0], y[:0])


def xor() -> Dataset:
    """Return exclusive or: 1 where the inputs differ. No straight line separates it."""
    return _truth_table("XOR", (0, 1, 1, 0))


def and_() -> Dataset:
    """Return logical and, which a perceptron learns."""
    return _truth_table("AND", (0, 0, 0, 1))


def or_() -> Dataset:
    """Return logical or, which a perceptron learns."""
    return _truth_table("OR", (0, 1, 1, 1))


def _truth_table(name: str, column: tuple[int, int, int, int]) -> Dataset:
    return from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [[value] for value in column], name)

"""Numbers written as Python source."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WIDTH = 88  # the line length of ruff format and black when nobody sets one


def number(value: float, exact: bool) -> str:
    """The shortest text that reads back as the same float64 (`exact`) or the same float32."""
    return repr(float(value)) if exact else str(np.float32(value))


def row(values: Sequence[float] | NDArray[np.float64], exact: bool) -> str:
    """One list: [0.5, -1.25]."""
    return "[" + ", ".join(number(value, exact) for value in values) + "]"


def rows(values: NDArray[np.float64], exact: bool) -> list[str]:
    """One list for each row of a matrix; whole numbers when all entries are whole, as in the paper."""
    if np.all(values == np.rint(values)):
        return ["[" + ", ".join(str(int(value)) for value in each) + "]" for each in values]
    return [row(each, exact) for each in values]


def assignment(name: str, values: NDArray[np.float64], dtype: str, exact: bool) -> list[str]:
    """Source lines of `name = torch.tensor([...], dtype=...)`.

    One line if it fits. A longer table keeps as many rows on a line as fit; a formatter would give each
    number a line of its own, so whoever prints several lines must tell it to leave them alone.
    """
    items = rows(values, exact)
    line = f"{name} = torch.tensor([{', '.join(items)}], dtype={dtype})"
    if len(line) <= WIDTH:
        return [line]
    # Spaces inside a row must not be break points: join with a mark that textwrap does not break at.
    kept = [item.replace(" ", "\u00a0") + "," for item in items]
    wrapped = textwrap.wrap(" ".join(kept), WIDTH - 4, break_long_words=False, break_on_hyphens=False)
    table = ["    " + each.replace("\u00a0", " ") for each in wrapped]
    return [f"{name} = torch.tensor([", *table, f"], dtype={dtype})"]

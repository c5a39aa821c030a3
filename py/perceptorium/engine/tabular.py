"""Data of the user's own, as CSV text: every fault is told with its line."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np

from .checks import short, whole_number
from .datasets import MOST_ROWS, Dataset, from_arrays
from .errors import InvalidValue


def from_csv(text: str, name: str = "Own data", outputs: int = 1) -> Dataset:
    """Make a data set of lines of numbers, the last `outputs` columns being the targets.

    The columns are separated by commas, semicolons or tabs. A first line without a single number is a heading; empty
    lines are skipped. At most 10,000 rows.
    """
    whole_number("outputs", outputs, 1, "there has to be at least 1 target column")
    if not isinstance(text, str):
        raise InvalidValue(f"text is {short(text)}; it has to be the text of a CSV file")
    rows: list[list[float]] = []
    for line, cells in _lines(text):
        if not rows and not any(map(_is_number, cells)):
            continue
        if len(rows) == MOST_ROWS:
            raise InvalidValue(f"line {line} is row {MOST_ROWS + 1}; at most {MOST_ROWS} rows are allowed")
        rows.append(_numbers(line, cells, len(rows[0]) if rows else outputs + 1, exact=bool(rows)))
    if not rows:
        raise InvalidValue(f"text is {short(text)}; it has no line of numbers")
    table = np.array(rows)
    return from_arrays(table[:, :-outputs], table[:, -outputs:], name)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    text = text.removeprefix("\ufeff")  # a mark that spreadsheets write before the first line
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text), delimiter=separator, skipinitialspace=True)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as problem:
        raise InvalidValue(f"line {reader.line_num} cannot be read ({problem}); it has to be numbers") from problem


def _numbers(line: int, cells: list[str], columns: int, exact: bool) -> list[float]:
    if len(cells) < columns or (exact and len(cells) != columns):
        raise InvalidValue(
            f"line {line} has {len(cells)} columns; it needs {columns if exact else f'at least {columns}'}"
        )
    for column, cell in enumerate(cells, start=1):
        if not _is_number(cell):
            raise InvalidValue(f"line {line}, column {column} is {short(cell)}; it has to be a number")
        if not np.isfinite(float(cell)):
            raise InvalidValue(f"line {line}, column {column} is {short(cell)}; it has to be finite")
    return [float(cell) for cell in cells]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

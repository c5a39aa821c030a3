"""Tensors: the tables behind an expression, what is looked up or lined up in them, and PyTorch's word on the shapes."""

from __future__ import annotations

from functools import partial

from perceptorium.session import State
from perceptorium.session.concepts import Tensors
from perceptorium.session.concepts.tensors import FIELDS, LARGEST_SIZE, OPERATIONS, ShapeError, Values
from perceptorium.views.concepts.fields import action, choice, pick, whole
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.mathml import formula

WORDS = (
    "A tensor is a table of numbers with a shape and one dtype. Most mistakes in PyTorch are two shapes that do not "
    "fit: choose some that do not, and read what PyTorch says."
)
HINTS = {
    "shape": "shape counts the entries along each dimension; ndim is the number of dimensions, numel() of entries.",
    "row": "One index picks a row, and the result has one dimension less.",
    "entry": "An index for each dimension picks one entry: a tensor with no dimension.",
    "column": "A colon keeps a dimension whole, so this is a column, as a flat tensor.",
    "reshape": "The entries stay in their order, row after row; −1 stands for whatever size makes their number right.",
    "add": "Shapes are compared from the right. Equal sizes match; a size of 1 is repeated (drawn pale) until it does.",
    "matmul": "Row i of A meets column j of B: the columns of A must be as many as the rows of B.",
}
PLACES = {"row": ("i",), "entry": ("i", "j"), "column": ("j",)}


tensors_frame = partial(frame_of, concept="tensors")


def tensors(state: State) -> Element:
    """The panel."""
    settings = state.concepts.tensors
    return panel(
        state,
        "tensors",
        "Tensors",
        words=WORDS,
        body=(_controls(settings), _figure(settings), h("p", HINTS[settings.operation], class_="hint"),
              formula("matmul") if settings.operation == "matmul" else None),
    )  # fmt: skip


def _controls(t: Tensors) -> Element:
    fields: list[Child] = [
        choice("Operation", tuple(OPERATIONS.items()), t.operation, "tensors", "operation"),
        pick("dtype", tuple((name, name) for name in ("float32", "float64", "int64")), t.dtype, "tensors", "dtype"),
        _size("A rows", "rows", t.rows),
        _size("A columns", "columns", t.columns),
    ]
    if t.operation in ("add", "matmul"):
        fields += [_size("B rows", "rows_b", t.rows_b), _size("B columns", "columns_b", t.columns_b)]
    for name in PLACES.get(t.operation, ()):
        value = t.i if name == "i" else t.j
        fields.append(whole(f"Index {name}", value, -LARGEST_SIZE - 1, LARGEST_SIZE, action("tensors", name)))
    if t.operation == "reshape":
        fields += [
            whole("New rows", t.new_rows, -1, LARGEST_SIZE**2, action("tensors", "new_rows")),
            whole("New columns", t.new_columns, -1, LARGEST_SIZE**2, action("tensors", "new_columns")),
        ]
    return h("div", fields, class_="group concept-controls")


def _size(name: str, field: str, value: int) -> Element:
    assert field in FIELDS
    return whole(name, value, 1, LARGEST_SIZE, action("tensors", field))


def _figure(t: Tensors) -> Element:
    try:
        result = t.result()
    except ShapeError as refusal:
        last: Child = h("p", str(refusal).partition(": ")[2], class_="misfit")
        shape = None
    else:
        last = _table("C" if t.expression else "A", result)
        shape = result.shape
    parts: list[Child] = []
    if t.operation in ("add", "matmul"):
        stretch = shape if t.operation == "add" else None
        parts += [_table("A", t.a, stretch=stretch), h("span", "+" if t.operation == "add" else "@", class_="sign")]
        parts += [_table("B", t.b, stretch=stretch)]
    elif t.expression:
        parts.append(_table("A", t.a, picked=None if shape is None else _picked(t)))
    if parts:
        parts.append(h("span", "→" if shape is not None else "✗", class_="sign"))
    return h("div", parts, last, class_="tables")


def _picked(t: Tensors) -> tuple[int | None, int | None] | None:
    """Row and column that the expression looks up; None stands for all."""
    names = PLACES.get(t.operation)
    if names is None:
        return None
    return (t.i % t.rows if "i" in names else None, t.j % t.columns if "j" in names else None)


def _table(
    name: str,
    values: Values,
    picked: tuple[int | None, int | None] | None = None,
    stretch: tuple[int, ...] | None = None,
) -> Element:
    """A tensor as a table; ``picked`` entries are framed, and ``stretch`` repeats it to another shape, pale."""
    shape = ", ".join(map(str, values.shape))
    grid = values.reshape(1, -1) if values.ndim < 2 else values
    rows, columns = stretch or grid.shape
    return h(
        "table",
        h("caption", f"{name}: ({shape}{',' if values.ndim == 1 else ''})"),
        h("tbody", *(h("tr", *(_cell(grid, row, each, picked) for each in range(columns))) for row in range(rows))),
        class_="tensor",
    )


def _cell(grid: Values, row: int, column: int, picked: tuple[int | None, int | None] | None) -> Element:
    rows, columns = grid.shape
    repeated = row >= rows or column >= columns
    chosen = picked is not None and picked[0] in (None, row) and picked[1] in (None, column)
    marks = ["picked"] * chosen + ["repeated"] * repeated
    return h("td", f"{grid[row % rows, column % columns]:g}", class_=" ".join(marks) or None)

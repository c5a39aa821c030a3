"""The data-flow figure of the training pipeline: what each step makes, and which way the numbers go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from perceptorium.session.pipeline import Pipeline
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import loss_text

Box: TypeAlias = tuple[float, float, float, float]
"""x, y, width and height, in user units."""

Path: TypeAlias = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: boxes by name, arrows by (from, to), and words beside arrows."""

    width: float
    height: float
    boxes: dict[str, Box]
    arrows: dict[tuple[str, str], Path]
    words: dict[tuple[str, str], tuple[float, float, str]]


WIDE = Layout(
    860,
    190,
    {
        "X": (10, 14, 120, 54),
        "model": (190, 14, 240, 54),
        "output": (490, 14, 130, 54),
        "accuracy": (690, 14, 160, 54),
        "optimizer": (190, 122, 240, 54),
        "criterion": (490, 122, 130, 54),
        "y": (690, 122, 160, 54),
    },
    {
        ("X", "model"): ((130, 41), (190, 41)),
        ("model", "output"): ((430, 41), (490, 41)),
        ("output", "accuracy"): ((620, 41), (690, 41)),
        ("output", "criterion"): ((555, 68), (555, 122)),
        ("y", "criterion"): ((690, 149), (620, 149)),
        ("y", "accuracy"): ((770, 122), (770, 68)),
        ("criterion", "optimizer"): ((490, 149), (430, 149)),
        ("optimizer", "model"): ((310, 122), (310, 68)),
    },
    {
        ("criterion", "optimizer"): (460, 141, "grad"),
        ("optimizer", "model"): (318, 99, "step()"),
        ("output", "criterion"): (563, 99, "loss"),
    },
)

NARROW = Layout(
    360,
    336,
    {
        "X": (4, 10, 156, 54),
        "model": (4, 100, 156, 54),
        "output": (196, 100, 148, 54),
        "accuracy": (196, 10, 148, 54),
        "optimizer": (4, 190, 156, 54),
        "criterion": (196, 190, 148, 54),
        "y": (196, 276, 148, 54),
    },
    {
        ("X", "model"): ((82, 64), (82, 100)),
        ("model", "output"): ((160, 127), (196, 127)),
        ("output", "accuracy"): ((270, 100), (270, 64)),
        ("output", "criterion"): ((270, 154), (270, 190)),
        ("y", "criterion"): ((270, 276), (270, 244)),
        ("y", "accuracy"): ((344, 303), (354, 303), (354, 37), (344, 37)),
        ("criterion", "optimizer"): ((196, 217), (160, 217)),
        ("optimizer", "model"): ((82, 190), (82, 154)),
    },
    {
        ("criterion", "optimizer"): (178, 208, "grad"),
        ("optimizer", "model"): (90, 176, "step()"),
        ("output", "criterion"): (278, 176, "loss"),
    },
)

LIT: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    "model": (("model",), ()),
    "data": (("X", "y"), ()),
    "objective": (("criterion", "optimizer"), (("optimizer", "model"),)),
    "loop": (
        ("X", "model", "output", "y", "criterion", "optimizer"),
        (
            ("X", "model"),
            ("model", "output"),
            ("output", "criterion"),
            ("y", "criterion"),
            ("criterion", "optimizer"),
            ("optimizer", "model"),
        ),
    ),
    "evaluate": (
        ("X", "model", "output", "y", "accuracy"),
        (("X", "model"), ("model", "output"), ("output", "accuracy"), ("y", "accuracy")),
    ),
}
"""By step, the boxes and arrows that it touches."""


def flow(pipeline: Pipeline, narrow: bool) -> Element:
    """The figure; what is not defined yet is drawn with a broken line."""
    layout = NARROW if narrow else WIDE
    step = pipeline.touched
    boxes, arrows = LIT[step] if step and step not in pipeline.missed else ((), ())
    words = _words(pipeline)
    return h(
        "svg",
        h("title", "Data flow"),
        h("desc", _summary(pipeline)),
        *(_arrow(layout, ends, ends in arrows) for ends in layout.arrows),
        *(_box(name, layout.boxes[name], words[name], _exists(pipeline, name), name in boxes) for name in words),
        viewBox=f"0 0 {layout.width:g} {layout.height:g}",
        class_="flow",
        role="img",
        aria_label="Data flow",
    )


def loss_words(pipeline: Pipeline) -> str:
    """The criterion's second line: its class, or its value while the loop trains and after it."""
    if pipeline.loop is None:
        return "HalfSquaredError" if pipeline.program.loss == "HalfSquaredError" else f"nn.{pipeline.program.loss}"
    return f"loss {loss_text(pipeline.loop.standing.loss)}"


def _words(pipeline: Pipeline) -> dict[str, str]:
    """The second line of each box."""
    program = pipeline.program
    rows = len(program.data.x)
    kind = "Adam" if program.optimiser == "Adam" else "SGD"
    evaluated = "evaluate" in pipeline.done
    return {
        "X": f"{rows} × {program.sizes[0]}",
        "y": f"{rows} × {program.sizes[-1]}",
        "model": " → ".join(map(str, program.sizes)),
        "output": f"{rows if evaluated else program.batch_rows} × {program.sizes[-1]}",
        "criterion": loss_words(pipeline),
        "optimizer": f"optim.{kind}, lr={program.learning_rate:g}",
        "accuracy": pipeline.printed["evaluate"].rpartition("accuracy: ")[2].strip() if evaluated else "not computed",
    }


def _exists(pipeline: Pipeline, name: str) -> bool:
    return "evaluate" in pipeline.done if name == "accuracy" else name in pipeline.names or _made(pipeline, name)


def _made(pipeline: Pipeline, name: str) -> bool:
    """The loop's names are there while it is under way."""
    return name == "output" and pipeline.loop is not None


def _summary(pipeline: Pipeline) -> str:
    there = [name for name in WIDE.boxes if _exists(pipeline, name)]
    return f"Defined so far: {', '.join(there)}." if there else "Nothing is defined yet."


def _box(name: str, box: Box, words: str, exists: bool, lit: bool) -> Element:
    x, y, width, height = box
    names = ["flow-box", "" if exists else "undefined", "touched" if lit else ""]
    slot = {"data_slot": "pipeline-loss"} if name == "criterion" else {}
    return h(
        "g",
        h("rect", x=x, y=y, width=width, height=height, rx=6),
        h("text", name, x=x + width / 2, y=y + 22, class_="flow-name"),
        h("text", words, x=x + width / 2, y=y + 41, class_="flow-words", **slot),
        class_=" ".join(filter(None, names)),
    )


def _arrow(layout: Layout, ends: tuple[str, str], lit: bool) -> Element:
    points = layout.arrows[ends]
    (x1, y1), (x2, y2) = points[-2:]
    along = ((x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1))
    foot = (x2 - 8 * along[0], y2 - 8 * along[1])
    side = (4 * along[1], 4 * along[0])
    head = ((x2, y2), (foot[0] + side[0], foot[1] + side[1]), (foot[0] - side[0], foot[1] - side[1]))
    word = layout.words.get(ends)
    return h(
        "g",
        h("polyline", points=_points((*points[:-1], foot))),
        h("polygon", points=_points(head)),
        h("text", word[2], x=word[0], y=word[1], class_="flow-word middle" if ends[1] == "optimizer" else "flow-word")
        if word
        else None,
        class_="flow-arrow touched" if lit else "flow-arrow",
    )


def _points(points: Path) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)

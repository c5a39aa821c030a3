"""The hidden space of the XOR playground: the four points where the hidden layer puts them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.session.playground import HIGH, LOW, Playground, table
from perceptorium.views.contour import segments_path
from perceptorium.views.heatmap import LEFT, MARKS, SIDE, SIZE, TOP, VERDICTS, crossing, point_label, point_mark
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Marks, Paint, Texts, Values
from perceptorium.views.projection import Plane, extent, plane

STEPS = np.linspace(0.0, 1.0, 21)
LINES = np.linspace(0.0, 1.0, 5)
MESH = np.concatenate(
    [
        np.stack(np.broadcast_arrays(LINES[:, np.newaxis], STEPS), axis=-1),
        np.stack(np.broadcast_arrays(STEPS, LINES[:, np.newaxis]), axis=-1),
    ]
)
"""A net over the unit square of the inputs, (10 lines, 21 points, 2): one sees how the hidden layer folds it."""

_MESH_PATH = ("M%.1f %.1f" + "L%.1f %.1f" * (len(STEPS) - 1)) * len(MESH)
_SIDE_PATH = "M%.1f %.1f" + "L%.1f %.1f" * 3 + "Z"
FAR = 4000.0
"""Longer than the picture: ends of lines that are cut off at its edge."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """What the picture is made of: the plane, the ends of its axes, and the way there from the input space."""

    xor: Playground
    plane: Plane
    low: float
    high: float

    def place(self, inputs: Array) -> Array:
        """Where inputs ``(…, 2)`` are drawn, in user units: between their own place and the hidden layer's."""
        flat = inputs.reshape(-1, 2)
        there = self.plane(self.xor.model.forward(flat).a[1])
        share = self.xor.morph
        mixed = (1 - share) * _unit(flat, LOW, HIGH) + share * _unit(there, self.low, self.high)
        return np.stack([LEFT + SIDE * mixed[:, 0], TOP + SIDE * (1 - mixed[:, 1])], axis=-1).reshape(inputs.shape)

    def draw(self, coordinates: Array) -> Array:
        """Where points of the plane ``(n, 2)`` are drawn."""
        share = _unit(coordinates, self.low, self.high)
        return np.stack([LEFT + SIDE * share[:, 0], TOP + SIDE * (1 - share[:, 1])], axis=-1)


def _unit(values: Array, low: float, high: float) -> Array:
    return np.asarray((values - low) / (high - low))


@lru_cache(maxsize=2)
def stage(xor: Playground) -> Stage:
    """The picture's plane for this network; it has at least two hidden units."""
    hidden = xor.model.forward(xor.experiment.data().x).a[1]
    seen = plane(xor.model, hidden, xor.units)
    return Stage(xor, seen, *extent(seen(hidden)))


def hidden_space(xor: Playground) -> Element:
    """The points, the net, and the line where the output is 0.5."""
    at = stage(xor)
    return h(
        "svg",
        h("title", "Hidden space"),
        h("desc", hidden_summary(xor)),
        h(
            "svg",
            h("path", d=_side(at), class_="side", data_slot="xor-side"),
            h("path", d=_mesh(at), class_="mesh", data_slot="xor-mesh"),
            h("path", d=_bent(at), class_="boundary", data_slot="xor-bent"),
            h("path", d=_line(at), class_="output-line", data_slot="xor-line"),
            x=LEFT,
            y=TOP,
            width=SIDE,
            height=SIDE,
            viewBox=f"{LEFT:g} {TOP:g} {SIDE:g} {SIDE:g}",
        ),
        _axes(at),
        h("g", *_points(at)),
        viewBox=f"0 0 {SIZE:g} {SIZE:g}",
        class_="plane",
        role="img",
        aria_label="Hidden space",
        aria_describedby="xor-hidden-summary",
    )


def hidden_space_paint(xor: Playground) -> tuple[Paint, ...]:
    """The moving parts of `hidden_space`."""
    at = stage(xor)
    verdicts = table(xor)[1].astype(np.uint8)
    return (
        Values("xor-side", "d", (_side(at),)),
        Values("xor-mesh", "d", (_mesh(at),)),
        Values("xor-bent", "d", (_bent(at),)),
        Values("xor-line", "d", (_line(at),)),
        Values("xor-place", "transform", _places(at)),
        Marks("xor-hidden-point", "d", MARKS, verdicts),
        Marks("xor-hidden-point", "data-verdict", VERDICTS, verdicts),
        Texts("xor-hidden-summary", (hidden_summary(xor),)),
    )


def hidden_space_frame(xor: Playground) -> tuple[object, ...]:
    """All else that it shows."""
    at = stage(xor)
    return at.low, at.high, at.plane.names


def hidden_summary(xor: Playground) -> str:
    """The picture in one sentence."""
    if xor.morph < 1:
        return "The same four points on their way from the inputs to what the hidden layer makes of them."
    share = f"{100 * stage(xor).plane.share:.0f} % of how the points differ"
    if xor.hidden == 2:
        return "The dashed line is straight: the output can do no more than cut this plane in two."
    return f"This plane shows {share}. On it, the output is 0.5 on the dashed line."


def _axes(at: Stage) -> Element:
    share = at.xor.morph
    inside = share in (0.0, 1.0)
    low, high = (LOW, HIGH) if share == 0 else (at.low, at.high)
    names = ("x₁", "x₂") if share == 0 else at.plane.names
    middle = [value for value in (0.0, (high + max(low, 0.0)) * 0.4) if low < value < high] if inside else []
    across = [LEFT + SIDE * (value - low) / (high - low) for value in middle]
    up = [TOP + SIDE * (1 - (value - low) / (high - low)) for value in middle]
    return h(
        "g",
        h("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="frame"),
        tuple(
            h("text", f"{value:.2g}", x=round(x, 1), y=TOP + SIDE + 14, class_="tick-x")
            for x, value in zip(across, middle, strict=True)
        ),
        tuple(
            h("text", f"{value:.2g}", x=LEFT - 6, y=round(y, 1), class_="tick-y")
            for y, value in zip(up, middle, strict=True)
        ),
        h("text", names[0], x=LEFT + SIDE, y=TOP + SIDE + 14, class_="end") if inside else None,
        h("text", names[1], x=LEFT + 4, y=TOP + 14, class_="start") if inside else None,
        class_="axis",
    )


def _points(at: Stage) -> list[Element]:
    data = at.xor.experiment.data()
    rows = zip(data.x.tolist(), data.y.tolist(), table(at.xor)[1].tolist(), _places(at), strict=True)
    return [
        h(
            "g",
            point_mark(target, right, "xor-hidden-point"),
            point_label(x1, x2, target, lift=LIFTS[number]),
            transform=place,
            data_slot="xor-place",
        )
        for number, ((x1, x2), (target,), right, place) in enumerate(rows)
    ]


LIFTS = (22, -12, -25, 35)
"""Heights of the four labels: a hidden layer often puts two points into one place."""


def _places(at: Stage) -> tuple[str, ...]:
    return tuple(f"translate({x:.1f} {y:.1f})" for x, y in at.place(at.xor.experiment.data().x).tolist())


def _mesh(at: Stage) -> str:
    return _MESH_PATH % tuple(at.place(MESH).ravel().tolist())


def _bent(at: Stage) -> str:
    """The decision boundary of the input space, where the hidden layer puts it."""
    return segments_path(at.place(crossing(at.xor)))


def _ends(at: Stage) -> tuple[Array, Array] | None:
    """Two far points of the line on which the output is 0.5, and the direction in which it rises; drawn at the end."""
    slopes, offset = at.plane.output_line(at.xor.model)
    steepness = float(slopes @ slopes)
    if at.xor.morph < 1 or steepness == 0:
        return None
    foot = -offset * slopes / steepness
    (start,), (tip,) = at.draw(foot[np.newaxis]), at.draw((foot + slopes)[np.newaxis])
    rise = (tip - start) / np.linalg.norm(tip - start)
    along = np.array([-rise[1], rise[0]])
    return np.stack([start - FAR * along, start + FAR * along]), rise


def _line(at: Stage) -> str:
    found = _ends(at)
    return "" if found is None else segments_path(found[0][np.newaxis])


def _side(at: Stage) -> str:
    """The half of the plane where the output is above 0.5."""
    found = _ends(at)
    if found is None:
        return ""
    (one, other), rise = found
    corners = np.concatenate([one, other, other + FAR * rise, one + FAR * rise])
    return _SIDE_PATH % tuple(corners.tolist())

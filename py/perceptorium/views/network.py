"""The network as SVG: lines as wide as |w|, neurons filled by what they compute."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from perceptorium.engine.program import Array
from perceptorium.selection import Neuron, Weight
from perceptorium.views.geometry import Geometry, Point, geometry
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import fixed
from perceptorium.views.paint import Marks, Paint, Texts
from perceptorium.views.scene import Scene, layer_name, neuron_name, weight_name

SIGN_SHIFT = 1.8
"""The place of a missing sign is empty, so digits would stand right of the middle; this is half way to it."""

WIDTHS = tuple(f"{level / 16:g}" for level in range(129))
OPACITIES = tuple(f"{level / 100:g}" for level in range(51))
SIGNS = ("+", "-")

WEIGHTS = "diagram-weights"
"""Id of the group of all connections."""


def network(scene: Scene) -> Element:
    """The whole diagram."""
    place = geometry(scene.sizes, scene.narrow)
    layers = range(1, len(scene.sizes))
    edges = _edge_marks(scene)
    widths, signs = (iter(_values(marks)) for marks in edges)
    return h(
        "svg",
        h("g", tuple(_heading(scene, place, layer) for layer in range(len(scene.sizes))), class_="headings"),
        h(
            "g",
            tuple(
                h(
                    "g",
                    *(_edge(scene, place, weight, next(widths), next(signs)) for weight in _weights(scene, layer)),
                    role="group",
                    aria_label=f"Weights into {layer_name(layer, len(scene.sizes))}",
                    class_=_lit("edges", scene, layer == scene.lit_edges),
                    data_layer=layer,
                    data_part=f"layer-{layer} forward-{layer} weights-{layer} weights forward backward step",
                    data_lights=f"layer-{layer} forward-{layer} weights-{layer}",
                )
                for layer in layers
            ),
            id=WEIGHTS,
        ),
        h("g", *_neurons(scene, place), role="group", aria_label="Neurons"),
        h("g", *_numbers(scene, place), aria_hidden="true"),
        _label(scene, place),
        viewBox=f"0 0 {place.width:g} {place.height:g}",
        class_="network",
        role="group",
        aria_label="Network diagram",
        aria_owns=WEIGHTS,  # drawn under the neurons, hence before them, but read after them
    )


def network_paint(scene: Scene) -> tuple[Paint, ...]:
    """The moving parts of `network`."""
    fills = _fill_marks(scene)
    return (*_edge_marks(scene), *fills, *((Texts("value", _value_texts(scene)),) if _one_row(scene) else ()))


def _weights(scene: Scene, layer: int) -> list[Weight]:
    return [
        Weight(layer, source, target)
        for source in range(scene.sizes[layer - 1])
        for target in range(scene.sizes[layer])
    ]


def _edge(scene: Scene, place: Geometry, weight: Weight, width: str, sign: str) -> Element:
    x1, y1 = place.columns[weight.layer - 1][weight.source]
    x2, y2 = place.columns[weight.layer][weight.target]
    selected = scene.selection == weight
    ends = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    return h(
        "g",
        h("line", class_="edge", data_slot="edge", data_sign=sign, stroke_width=width, **ends),
        h(
            "line",
            class_="hit",
            role="button",
            tabindex=0 if selected else -1,
            aria_pressed="true" if selected else "false",
            aria_label=weight_name(weight, len(scene.sizes)),
            data_click=f"select:{weight.layer}:{weight.source}:{weight.target}",
            **ends,
        ),
        class_="connection selected" if selected else "connection",
    )


def _neurons(scene: Scene, place: Geometry) -> list[Element]:
    opacities, signs = (iter(_values(marks)) for marks in _fill_marks(scene))
    drawn = []
    for layer, column in enumerate(place.columns):
        for index, (x, y) in enumerate(column):
            shapes = [
                h(
                    "path",
                    d=path,
                    class_="fill",
                    data_slot="unit",
                    data_sign=next(signs),
                    fill_opacity=next(opacities),
                )
                for path in _shapes(x, y, place.radius, scene.units[layer].shape[1])
            ]
            drawn.append(_neuron(scene, layer, index, (x, y), place.radius, tuple(shapes)))
    return drawn


def _numbers(scene: Scene, place: Geometry) -> list[Element]:
    """What the neurons hold, written over them: apart, for a button's text would have to be its name."""
    if not _one_row(scene):
        return []
    places = (point for column in place.columns for point in column)
    return [
        h("text", text, x=x - SIGN_SHIFT, y=y, class_="value", data_slot="value")
        for (x, y), text in zip(places, _value_texts(scene), strict=True)
    ]


def _neuron(scene: Scene, layer: int, index: int, at: Point, radius: float, inside: tuple[Element, ...]) -> Element:
    selected = scene.selection == Neuron(layer, index)
    entry = scene.selection is None and layer == 0 and index == 0
    names = ["neuron", "selected" if selected else "", "flagged" if (layer, index) in scene.flagged else ""]
    return h(
        "g",
        h("circle", cx=at[0], cy=at[1], r=radius, class_="body"),
        *inside,
        h("circle", cx=at[0], cy=at[1], r=radius, class_="rim"),
        class_=_lit(" ".join(filter(None, names)), scene, layer == scene.lit_units),
        role="button",
        tabindex=0 if selected or entry else -1,
        aria_pressed="true" if selected else "false",
        aria_label=neuron_name(layer, index, len(scene.sizes)),
        data_click=f"select:{layer}:{index}",
        data_keys="neuron",
        data_part=_parts(scene, layer, index),
    )


def _parts(scene: Scene, layer: int, index: int) -> str:
    """What of the program a neuron belongs to; see `perceptorium.torchcode.Part`."""
    if layer == 0:
        return "inputs"
    own = f"forward-{layer} weights-{layer}-{index + 1}"
    return f"{own} targets loss criterion" if layer == len(scene.sizes) - 1 else f"{own} activation"


def _heading(scene: Scene, place: Geometry, layer: int) -> Element:
    name = layer_name(layer, len(scene.sizes))
    if scene.narrow and len(scene.sizes) > 3:
        name = {"Input": "In", "Output": "Out"}.get(name, f"H{layer}")
    function = scene.functions[layer]
    title = h("tspan", name, class_="layer-name")
    return h(
        "text",
        title,
        h("tspan", f" {function}", class_="layer-function") if function and not scene.narrow else None,
        x=place.column_x[layer],
        y=16,
        class_="heading",
        aria_hidden="true",
    )


def _label(scene: Scene, place: Geometry) -> Element | None:
    if scene.label is None:
        return None
    weight, text = scene.label
    (x1, y1), (x2, y2) = place.columns[weight.layer - 1][weight.source], place.columns[weight.layer][weight.target]
    return h("text", text, x=(x1 + x2) / 2, y=(y1 + y2) / 2, class_="edge-label")


def _lit(names: str, scene: Scene, lit: bool) -> str:
    return f"{names} lit {scene.direction}" if lit else names


def _one_row(scene: Scene) -> bool:
    return len(scene.units[0][0]) == 1


def _shapes(x: float, y: float, radius: float, parts: int) -> list[str]:
    """A full disc for one row; a quarter for each of two to four (top left, top right, bottom left, bottom right)."""
    r = round(radius - 1, 2)
    if parts == 1:
        return [f"M{x - r:g},{y:g}a{r:g},{r:g} 0 1,1 {2 * r:g},0a{r:g},{r:g} 0 1,1 {-2 * r:g},0z"]
    turns = (math.pi, 1.5 * math.pi, 0.5 * math.pi, 0.0)
    paths = []
    for start in turns[:parts]:
        (c0, s0), (c1, s1) = ((math.cos(t), math.sin(t)) for t in (start, start + math.pi / 2))
        paths.append(
            f"M{x:g},{y:g}L{x + r * c0:.2f},{y + r * s0:.2f}A{r:g},{r:g} 0 0,1 {x + r * c1:.2f},{y + r * s1:.2f}z"
        )
    return paths


def _levels(values: Array, per_unit: float, top: int) -> NDArray[np.uint8]:
    scaled = np.abs(np.nan_to_num(values)) * per_unit
    levels = np.minimum(np.rint(scaled), top)
    return np.maximum(levels, scaled > 0).astype(np.uint8)


def _flat(arrays: tuple[Array, ...]) -> Array:
    return np.concatenate([array.ravel() for array in arrays])


def _edge_marks(scene: Scene) -> tuple[Marks, Marks]:
    values = _flat(scene.edges)
    return (
        Marks("edge", "stroke-width", WIDTHS, _levels(values, 16 * scene.edge_width, len(WIDTHS) - 1)),
        Marks("edge", "data-sign", SIGNS, (values < 0).astype(np.uint8)),
    )


def _fill_marks(scene: Scene) -> tuple[Marks, Marks]:
    values = _flat(scene.units)
    return (
        Marks("unit", "fill-opacity", OPACITIES, _levels(values, 100 * scene.fill_opacity, len(OPACITIES) - 1)),
        Marks("unit", "data-sign", SIGNS, (values < 0).astype(np.uint8)),
    )


def _value_texts(scene: Scene) -> tuple[str, ...]:
    return tuple("" if value != value else fixed(value) for value in _flat(scene.units).tolist())


def _values(marks: Marks) -> list[str]:
    return [marks.palette[index] for index in marks.indices.tolist()]

"""What the network diagram shows at one moment, free of where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from perceptorium.engine.program import Array
from perceptorium.selection import Selection, Weight

Direction: TypeAlias = Literal["forward", "backward", "step"]


UNITS_PER_WEIGHT = 1.6
"""Line width, in user units, of a weight of 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One picture of the network.

    Attributes:
        sizes: units of each layer, input first.
        functions: name of each layer's activation; the input has none.
        edges: for each Linear layer the numbers drawn as lines, ``(fan_in, fan_out)``; NaN is not yet computed.
        units: for each layer the numbers drawn in the neurons, ``(units, k)``: k = 1 for one row of the data, 4 for
            four rows side by side; NaN is not yet computed.
        edge_width: line width, in user units, of a number of 1.
        fill_opacity: opacity of a neuron whose number is 1.
        label: a connection and what is written on it.
        lit_edges, lit_units: the layer that the running phase touches.
        selection: what the inspector shows.
        flagged: (layer, unit) of the units that the diagnosis names.
        narrow: whether the window is a phone's.
    """

    sizes: tuple[int, ...]
    functions: tuple[str, ...]
    edges: tuple[Array, ...]
    units: tuple[Array, ...]
    edge_width: float = UNITS_PER_WEIGHT
    fill_opacity: float = 0.5
    label: tuple[Weight, str] | None = None
    direction: Direction | None = None
    lit_edges: int | None = None
    lit_units: int | None = None
    selection: Selection = None
    flagged: frozenset[tuple[int, int]] = frozenset()
    narrow: bool = False


def layer_name(layer: int, layers: int) -> str:
    """``Input``, ``Hidden 1``, …, ``Output``, as the page names them."""
    if layer == 0:
        return "Input"
    return "Output" if layer == layers - 1 else f"Hidden {layer}"


def neuron_name(layer: int, index: int, layers: int) -> str:
    """``Input 1``, ``Hidden 1 neuron 3``, ``Output 1``."""
    name = layer_name(layer, layers)
    return f"{name} neuron {index + 1}" if name.startswith("Hidden") else f"{name} {index + 1}"


def weight_name(weight: Weight, layers: int) -> str:
    """``Weight from Input 1 to Hidden 1 neuron 3``."""
    source = neuron_name(weight.layer - 1, weight.source, layers)
    return f"Weight from {source} to {neuron_name(weight.layer, weight.target, layers)}"

"""What can happen: one frozen message for each thing a user or the clock does, and how the page's markup names it.

An element says ``data-click="neurons:1"`` and the like; `parse` turns that name, its arguments and the control's
value into a message. Nothing else in the page decides what a control means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from perceptorium.engine import InvalidValue


@dataclass(frozen=True, slots=True)
class ToggleTraining:
    """Train, or Pause."""


@dataclass(frozen=True, slots=True)
class Advance:
    """The clock: train ``epochs`` epochs, if training is on."""

    epochs: int


@dataclass(frozen=True, slots=True)
class StepEpoch:
    """One epoch."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One phase of a training step."""


@dataclass(frozen=True, slots=True)
class Play:
    """Show a pass layer after layer: "forward" changes nothing, "backward" ends with the update."""

    direction: str


@dataclass(frozen=True, slots=True)
class Beat:
    """The clock: the next picture of a pass that is playing."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the weights that training started from."""


@dataclass(frozen=True, slots=True)
class NewWeights:
    """New weights from the next seed."""


@dataclass(frozen=True, slots=True)
class AddLayer:
    """One hidden layer more, before the output."""


@dataclass(frozen=True, slots=True)
class RemoveLayer:
    """The last hidden layer goes."""


@dataclass(frozen=True, slots=True)
class SetNeurons:
    """Neurons of hidden layer ``layer`` (1 is the first)."""

    layer: int
    neurons: int


@dataclass(frozen=True, slots=True)
class Configure:
    """Change fields of the experiment."""

    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ShowRow:
    """Show what the network computes for one row of the data, or for all (None)."""

    row: int | None


@dataclass(frozen=True, slots=True)
class ReadChart:
    """Read a chart at an epoch; None ends the reading."""

    chart: str
    epoch: float | None


@dataclass(frozen=True, slots=True)
class Viewport:
    """The window became narrow (a phone's) or wide."""

    narrow: bool


Message: TypeAlias = (
    ToggleTraining
    | Advance
    | StepEpoch
    | StepLine
    | Play
    | Beat
    | Reset
    | NewWeights
    | AddLayer
    | RemoveLayer
    | SetNeurons
    | Configure
    | ShowRow
    | ReadChart
    | Viewport
)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidValue(f"{name} is {text!r}; it must be a number") from None


def _whole(name: str, text: str) -> int:
    value = _number(name, text)
    if not value.is_integer():
        raise InvalidValue(f"{name} is {text!r}; it must be a whole number")
    return int(value)


def _field(field: str, value: str) -> Configure:
    from perceptorium.experiment import FIELDS

    return Configure(((field, FIELDS[field].read(field.replace("_", " "), value)),))


_ACTIONS: Mapping[str, Callable[..., Message]] = {
    "train": lambda value: ToggleTraining(),
    "step-epoch": lambda value: StepEpoch(),
    "step-line": lambda value: StepLine(),
    "play": lambda value, direction: Play(direction),
    "reset": lambda value: Reset(),
    "new-weights": lambda value: NewWeights(),
    "add-layer": lambda value: AddLayer(),
    "remove-layer": lambda value: RemoveLayer(),
    "neurons": lambda value, layer: SetNeurons(int(layer), _whole(f"hidden layer {layer} neurons", value)),
    "field": lambda value, field: _field(field, value),
    "row": lambda value: ShowRow(None if value == "all" else _whole("row", value)),
}


def parse(action: str, value: str = "") -> Message:
    """The message of an action such as ``"neurons:2"``, with the control's value.

    Raises:
        InvalidValue: the action is unknown, or the value is not what the control takes.
    """
    name, *arguments = action.split(":")
    if name not in _ACTIONS:
        raise InvalidValue(f"action is {action!r}; the page knows {', '.join(_ACTIONS)}")
    return _ACTIONS[name](value, *arguments)

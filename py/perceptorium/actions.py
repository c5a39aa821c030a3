"""How the page's markup names messages: an element says ``data-click="neurons:1"`` and the like.

`parse` turns that name, its arguments and the control's value into a message. Nothing else in the page decides what a
control means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Literal

from perceptorium import messages as m
from perceptorium.engine import InvalidValue
from perceptorium.experiment import FIELDS
from perceptorium.selection import Neuron, Weight


def parse(action: str, value: str = "") -> m.Message:
    """The message of an action such as ``"neurons:2"``, with the control's value.

    Raises:
        InvalidValue: the action is unknown, or the value is not what the control takes.
    """
    name, *arguments = action.split(":")
    if name not in _ACTIONS:
        raise InvalidValue(f"action is {action!r}; the page knows {', '.join(_ACTIONS)}")
    return _ACTIONS[name](value, *arguments)


def number(name: str, text: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number from ``low`` to ``high`` that a user typed; InvalidValue names it otherwise."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and low <= value <= high):
        limits = "" if math.isinf(low) else f" from {low:g} to {high:g}"
        raise InvalidValue(f"{name} is {text!r}; it must be a number{limits}")
    return value


def whole(name: str, text: str) -> int:
    """A whole number that a user typed."""
    value = number(name, text)
    if not value.is_integer():
        raise InvalidValue(f"{name} is {text!r}; it must be a whole number")
    return int(value)


def _field(value: str, field: str) -> m.Configure:
    return m.Configure(((field, FIELDS[field].read(field.replace("_", " "), value)),))


def _place(*numbers: str) -> Neuron | Weight:
    places = tuple(map(int, numbers))
    return Neuron(*places) if len(places) == 2 else Weight(*places)


def _weight(*numbers: str) -> Weight:
    return Weight(*map(int, numbers))


def _option(name: str) -> Literal["weights", "hide", "lock"]:
    options: tuple[Literal["weights", "hide", "lock"], ...] = ("weights", "hide", "lock")
    return next(option for option in options if option == name)


def _theme(name: str) -> Literal["system", "light", "dark"]:
    return "light" if name == "light" else "dark" if name == "dark" else "system"


def _span(value: str) -> m.SpanXor:
    """Two units as the select writes them, ``0,2``; or ``components``, or anything else for the output's direction."""
    first, comma, second = value.partition(",")
    if comma:
        return m.SpanXor((int(first), int(second)))
    return m.SpanXor("components" if value == "components" else "output")


LARGEST_PARAMETER = 100.0
"""Weights and biases that can be typed are at most this large."""

_ACTIONS: Mapping[str, Callable[..., m.Message]] = {
    "train": lambda value: m.ToggleTraining(),
    "step-epoch": lambda value: m.StepEpoch(),
    "step-line": lambda value: m.StepLine(),
    "play": lambda value, direction: m.Play(direction),
    "reset": lambda value: m.Reset(),
    "new-weights": lambda value: m.NewWeights(),
    "add-layer": lambda value: m.AddLayer(),
    "remove-layer": lambda value: m.RemoveLayer(),
    "neurons": lambda value, layer: m.SetNeurons(int(layer), whole(f"hidden layer {layer} neurons", value)),
    "field": _field,
    "row": lambda value: m.ShowRow(None if value == "all" else whole("row", value)),
    "select": lambda value, *place: m.Select(_place(*place)),
    "parameter": lambda value, *place: m.SetParameter(
        _place(*place), number("the parameter", value, -LARGEST_PARAMETER, LARGEST_PARAMETER)
    ),
    "nudge": lambda value, layer, source, target, direction: m.NudgeWeight(
        _weight(layer, source, target), int(direction)
    ),
    "nudge-size": lambda value: m.SetNudge(number("ε", value, 0.001, 1.0)),
    "rewind": lambda value: m.Rewind(whole("rewind", value)),
    "keep-run": lambda value: m.KeepRun(keep=True),
    "drop-run": lambda value: m.KeepRun(keep=False),
    "loss-axis": lambda value: m.SetLossAxis(value == "log"),
    "speed": lambda value: m.SetSpeed(None if value == "fit" else whole("speed", value)),
    "engine": lambda value: m.SetEngine("NumPy" if value == "NumPy" else "compiled"),
    "beat": lambda value: m.SetBeat(number("the pace", value, 50, 5000)),
    "form": lambda value: m.SetForm("exact" if value == "exact" else "listing"),
    "line": lambda value, line: m.ReadLine(int(line)),
    "edit": lambda value: m.EditCode(None),
    "edit-code": m.EditCode,
    "end-edit": lambda value: m.EndEdit(),
    "share": lambda value, option, name: m.SetShare(_option(option), name, on=value == "on"),
    "theme": lambda value: m.SetTheme(_theme(value)),
    "remedy": lambda value, position: m.ApplyRemedy(int(position)),
    "xor-train": lambda value: m.ToggleXor(),
    "xor-reset": lambda value: m.ResetXor(),
    "xor-new-weights": lambda value: m.NewXorWeights(),
    "xor-hidden": lambda value: m.ConfigureXor((("hidden", (int(value),) if value != "0" else ()),)),
    "xor-activation": lambda value: m.ConfigureXor((("activation", value),)),
    "xor-remedy": lambda value, position: m.RemedyXor(int(position)),
    "xor-span": _span,
    "xor-morph": lambda value: m.MorphXor(number("the morph", value, 0.0, 1.0)),
    "pipeline-step": lambda value, step: m.RunPipelineStep(step),
    "pipeline-all": lambda value: m.RunPipeline(),
    "pipeline-restart": lambda value: m.RestartPipeline(),
    "xor-take": lambda value: m.TakeXor(),
    "lab-run": lambda value: m.RunLab(),
    "lab-choose": m.ChooseLab,
    "lab-set": lambda value, name: m.ConfigureLab(name, value),
    "concept": lambda value, concept, *field: m.SetConcept(concept, ":".join(field), value),
    "concept-set": lambda value, concept, field, text: m.SetConcept(concept, field, text),
}

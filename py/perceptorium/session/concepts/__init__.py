"""The six concepts: what the learner set in each, the PyTorch program of it, and what that program prints."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from perceptorium.engine import InvalidValue
from perceptorium.session.concepts.activations import Activations
from perceptorium.session.concepts.backprop import Backprop
from perceptorium.session.concepts.linear import Linear
from perceptorium.session.concepts.losses import Losses
from perceptorium.session.concepts.optimizers import Optimizers
from perceptorium.session.concepts.tensors import Tensors

__all__ = [
    "Activations",
    "Backprop",
    "Concept",
    "Concepts",
    "Linear",
    "Losses",
    "Optimizers",
    "Refusal",
    "Tensors",
    "set_concept",
]


class Concept(Protocol):
    """What every concept is: settings that have a program."""

    def with_field(self, field: str, text: str) -> Concept:
        """Another value for one field; InvalidValue if it cannot be."""

    def code(self) -> str:
        """The PyTorch program."""

    def printed(self) -> str:
        """What real PyTorch prints when it runs the program, without the last newline."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was asked of a concept and cannot be, in a sentence."""

    concept: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Concepts:
    """The settings of each concept, and the last request if it was refused."""

    tensors: Tensors = field(default_factory=Tensors)
    linear: Linear = field(default_factory=Linear)
    activations: Activations = field(default_factory=Activations)
    backprop: Backprop = field(default_factory=Backprop)
    optimizers: Optimizers = field(default_factory=Optimizers)
    losses: Losses = field(default_factory=Losses)
    refusal: Refusal | None = None


def set_concept(concepts: Concepts, concept: str, name: str, text: str) -> Concepts:
    """The concepts with another value for the field called `name`, or with the refusal, which their panel shows."""
    settings: Concept = getattr(concepts, concept)
    changes: dict[str, Any]
    try:
        changes = {concept: settings.with_field(name, text), "refusal": None}
    except InvalidValue as error:
        changes = {"refusal": Refusal(concept, str(error))}
    return replace(concepts, **changes)

"""The XOR playground: a small network of its own that learns XOR, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from perceptorium import messages as m
from perceptorium.engine import MLP, Dataset, Finding, InvalidValue, diagnose
from perceptorium.engine import xor as xor_data
from perceptorium.engine.program import Array
from perceptorium.experiment import Experiment
from perceptorium.session.standing import Engine, Standing, standing
from perceptorium.session.workspace import Workspace

SIZES = (0, 2, 3, 4, 8)
"""Hidden neurons to choose from; 0 is a perceptron."""

RATE = 0.3
"""The paper's learning rate; only a remedy changes it."""

EPOCHS_A_FRAME = 4
"""Slow enough to be watched: the default network is done after a second and a half."""

LOW, HIGH = -0.25, 1.25
"""Both inputs on the map go from here to there."""

CELLS = 61
AXIS = np.linspace(LOW, HIGH, CELLS)
GRID = np.stack(np.meshgrid(AXIS, AXIS), axis=-1).reshape(-1, 2)
"""The points of the map, (CELLS², 2): row after row, x₂ rising, and in each row x₁ rising."""

PROBE_STEP = 0.05

own = Workspace()
"""Trains this network, beside the workbench's."""


@dataclass(frozen=True, slots=True, eq=False)
class Playground:
    """The playground's network and what is looked at.

    Attributes:
        experiment: what is trained; its data are XOR.
        start: the weights that Reset returns to.
        standing: where training stands.
        running: whether the clock trains.
        span: what spans the picture of the hidden space: two units (from 0); or the direction in which the output
            grows, with the widest one across it; or the first two principal components.
        morph: 0 shows the points in the input space, 1 in the hidden space.
        probe: the inputs whose prediction is read, or None.
        note: what there is to say about the last thing that happened.
    """

    experiment: Experiment
    start: MLP
    standing: Standing
    running: bool = False
    span: tuple[int, int] | Literal["output", "components"] = "output"
    morph: float = 1.0
    probe: tuple[float, float] | None = None
    note: str = ""

    @property
    def engine(self) -> Engine:
        """Compiled, where there is something that runs it."""
        return "compiled"

    @property
    def model(self) -> MLP:
        """The network."""
        return self.standing.model

    @property
    def hidden(self) -> int:
        """Hidden neurons."""
        return sum(self.experiment.hidden)


def initial_playground() -> Playground:
    """2-4-1 with ReLU at η = 0.3 (paper, section 5), from weights that learn XOR."""
    return _begin(Experiment(hidden=(4,), learning_rate=RATE, seed=1))


def _begin(experiment: Experiment, start: MLP | None = None) -> Playground:
    trainer = experiment.trainer(start)
    fresh = Playground(experiment, trainer.model, standing(trainer))
    return replace(fresh, span=(0, 1)) if fresh.hidden == 2 else fresh  # two units are a plane already


@lru_cache(maxsize=1)
def dataset() -> Dataset:
    """The four rows of XOR."""
    return xor_data()


def advance(xor: Playground, epochs: int) -> Playground:
    """Train some epochs, if training is on; where that ends training, say so."""
    if not xor.running:
        return xor
    report = own.at(xor).run(epochs)
    after = replace(xor, standing=own.leave())
    if report.reason == "below_threshold":
        reason = f"Stopped: the loss is below {xor.experiment.stop_below:g}."
        return replace(after, running=False, note=f"{reason} {result(after)}")
    if report.reason == "diverged":
        reason = "Stopped: the loss was no longer a finite number."
        return replace(after, running=False, note=f"{reason} {result(after)}")
    return after


def result(xor: Playground) -> str:
    """What training has come to, as a sentence: the page says it once, when training stops."""
    at, right = xor.standing, int(table(xor)[1].sum())
    return f"Epoch {at.epoch}: loss {at.loss:.4g}, {right} of 4 points on the right side."


@lru_cache(maxsize=2)
def outputs(xor: Playground) -> Array:
    """The network's outputs on the map, ``(CELLS, CELLS)``: a row for each x₂, a column for each x₁."""
    return own.predict(xor, GRID).reshape(CELLS, CELLS)


@lru_cache(maxsize=2)
def table(xor: Playground) -> tuple[Array, Array]:
    """Predictions for the four rows, and whether each is on the right side, both ``(4,)``."""
    predictions = xor.model.predict(dataset().x)[:, 0]
    return predictions, (predictions > 0.5) == (dataset().y[:, 0] > 0.5)


def why_not(xor: Playground) -> tuple[Finding, ...]:
    """What keeps this training from learning, the worst first; nothing is said of one that has not begun."""
    if xor.standing.epoch == 0:
        return ()
    seen = own.at(xor).snapshot()
    own.stay(xor)
    diverged = bool(xor.standing.checkpoint.diverged)
    return diagnose(seen, xor.standing.history, xor.experiment.learning_rate, diverged)


def configure(xor: Playground, changes: dict[str, Any]) -> Playground:
    """Another hidden layer, activation, rate or seed; training begins anew, at η = 0.3 unless a rate is among them."""
    hidden = changes.get("hidden", xor.experiment.hidden)
    if sum(hidden) not in SIZES:
        raise InvalidValue(f"hidden size is {sum(hidden)}; it must be one of {', '.join(map(str, SIZES))}")
    fresh = _begin(xor.experiment.with_(**{"learning_rate": RATE, **changes}))
    span = xor.span if fresh.hidden == xor.hidden else fresh.span
    return replace(fresh, span=span, morph=xor.morph, probe=xor.probe)


def remedy(xor: Playground, position: int) -> Playground:
    """Do what finding ``position`` suggests, and train."""
    found = why_not(xor)
    if not 0 <= position < len(found):
        raise InvalidValue(f"position is {position}; the diagnosis has {len(found)} findings")
    changes: dict[str, Any] = dict(found[position].remedy)
    if changes.get("seed") == "next":
        changes["seed"] = _next_seed(xor)
    return replace(configure(xor, changes), running=True)


def _next_seed(xor: Playground) -> int:
    return (xor.experiment.seed + 1) % 2**32


def _train_or_pause(xor: Playground) -> Playground:
    note = f"Paused. {result(xor)}" if xor.running else ""
    return replace(xor, running=not xor.running, note=note)


def _reset(xor: Playground) -> Playground:
    fresh = _begin(xor.experiment, xor.start)
    return replace(fresh, span=xor.span, morph=xor.morph, probe=xor.probe)


def _seen_by(xor: Playground, span: tuple[int, int] | Literal["output", "components"]) -> Playground:
    if isinstance(span, tuple) and not all(0 <= unit < xor.hidden for unit in span):
        raise InvalidValue(f"span is {span}; the hidden layer has the units 0 to {xor.hidden - 1}")
    return replace(xor, span=span)


def _move_probe(xor: Playground, x1: float, x2: float) -> Playground:
    """Read further on, from the middle if nothing is read; never beyond the map."""
    at = xor.probe or (0.5, 0.5)
    moved = (at[0] + PROBE_STEP * x1, at[1] + PROBE_STEP * x2)
    return replace(xor, probe=(_inside(moved[0]), _inside(moved[1])))


def _inside(value: float) -> float:
    return round(min(max(value, LOW), HIGH), 4)


CHANGES: Mapping[type[m.Message], Callable[[Playground, Any], Playground]] = {
    m.AdvanceXor: lambda xor, message: advance(xor, message.epochs),
    m.ToggleXor: lambda xor, _: _train_or_pause(xor),
    m.ResetXor: lambda xor, _: _reset(xor),
    m.ConfigureXor: lambda xor, message: configure(xor, dict(message.changes)),
    m.NewXorWeights: lambda xor, _: configure(xor, {"seed": _next_seed(xor)}),
    m.RemedyXor: lambda xor, message: remedy(xor, message.position),
    m.SpanXor: lambda xor, message: _seen_by(xor, message.span),
    m.MorphXor: lambda xor, message: replace(xor, morph=message.share),
    m.ProbeXor: lambda xor, message: replace(xor, probe=message.at and tuple(map(_inside, message.at))),
    m.MoveXorProbe: lambda xor, message: _move_probe(xor, message.x1, message.x2),
}
"""What each message of the playground changes in it."""

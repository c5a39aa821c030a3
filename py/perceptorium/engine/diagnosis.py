"""What is wrong with a training, said to a learner, with something to try that has been tested to help.

`diagnose` is a pure function of what is on screen: a snapshot over all rows, the history, and the learning rate. Every
rule names its threshold. The worst finding comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .checks import number
from .errors import InvalidValue
from .history import History
from .program import Array
from .snapshot import Snapshot

Kind: TypeAlias = Literal[
    "divergence",
    "dead_units",
    "exploding_gradient",
    "vanishing_gradient",
    "saturated_units",
    "oscillation",
    "plateau",
]

#: A unit is saturated where the slope of its activation is below this for every row (at its best it is 0.25, or 1).
FLAT_SLOPE = 0.01
#: The error signal ∂loss/∂z of a layer is compared with that of the last layer.
VANISHED, EXPLODED = 0.03, 10.0
#: A plateau: the loss of the second half of the epochs, and at least so many, fell by less than this share.
PLATEAU_EPOCHS, PLATEAU_FALL = 100, 0.02
#: An oscillation: of the last so many points of the curve this share are turns, the steps between them are this share
#: of the loss, and over the second half it is on average not this share lower than over the first.
OSCILLATION_POINTS, OSCILLATION_TURNS, OSCILLATION_HEIGHT, OSCILLATION_FALL = 40, 0.4, 0.02, 0.1
#: A loss that ends so many times above where it began has diverged, even if it is still a number.
DIVERGED_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation.

    `layer` is the Linear layer it is about (1 = fc1, so hidden layer 1), None for the whole network; `units` are its
    neurons, from 1. `remedy` changes fields of the experiment, such as {"learning_rate": 0.03}; the seed "next" stands
    for new weights. It is empty where nothing has to be done.
    """

    kind: Kind
    sentence: str
    suggestion: str
    remedy: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    layer: int | None = None
    units: tuple[int, ...] = ()


def diagnose(
    snapshot: Snapshot, history: History, learning_rate: float = 0.1, diverged: bool = False
) -> tuple[Finding, ...]:
    """Return what is wrong with one network, the worst first; () if nothing is.

    `snapshot` is a `Trainer.snapshot()`; `diverged` says that the last run ended with the reason "diverged".
    """
    number("learning_rate", learning_rate, "it has to be a number above 0", np.nextafter(0.0, 1.0))
    if snapshot.model.ensemble_shape:
        raise InvalidValue(
            f"snapshot is of an ensemble {snapshot.model.ensemble_shape}; a diagnosis is of one network, see MLP.member"
        )
    if snapshot.phase is not None:
        raise InvalidValue(f"snapshot is of the phase {snapshot.phase}; it has to be Trainer.snapshot()")
    if diverged or _has_grown(history):
        return (_divergence(learning_rate),)
    dead = list(_dead_units(snapshot))
    if snapshot.accuracy == 1.0:
        nothing = "Nothing has to be done: the other neurons do the work."
        return tuple(replace(finding, suggestion=nothing, remedy=_remedy()) for finding in dead)
    exploding, vanishing = _error_signal(snapshot)
    saturated, oscillation = _saturated_units(snapshot, learning_rate), _oscillation(history, learning_rate)
    if dead:  # they explain why the signal vanishes and the loss stays
        return (*exploding, *saturated, *oscillation, *dead)
    return (*exploding, *saturated, *oscillation, *vanishing, *_plateau(snapshot, history, learning_rate))


def _divergence(learning_rate: float) -> Finding:
    return Finding(
        "divergence",
        f"The loss grew beyond all bounds: with a learning rate of {learning_rate:g} each step jumps past the valley "
        "and lands higher up than before.",
        "Lower the learning rate to a tenth and start again with new weights.",
        _remedy(learning_rate=_rate(learning_rate / 10), seed="next"),
    )


def _has_grown(history: History) -> bool:
    first, last = float(history.loss[0]), float(history.loss[-1])
    return last > DIVERGED_FACTOR * first and last > 0.5 * float(history.loss.max())


def _dead_units(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.model.hidden != "ReLU":
        return
    for layer, a in enumerate(_known(snapshot.a)[:-1], start=1):
        dead = np.asarray((a <= 0.0).all(axis=0))
        units = _numbers(dead)
        if not units:
            continue
        verb = "is" if len(units) == 1 else "are"
        sentence = (
            f"{_list(units)} of hidden layer {layer} {verb} dead: for every row z is negative, ReLU gives 0, and no "
            "gradient comes back."
        )
        if dead.all():
            sentence = (
                f"Every neuron of hidden layer {layer} is dead: whatever the input, ReLU gives 0, so the output is "
                "always the same and no gradient passes."
            )
        suggestion = "Try Tanh, whose slope is never 0, so that every neuron goes on learning."
        remedy = _remedy(activation="Tanh")
        yield Finding("dead_units", sentence, suggestion, remedy, layer, units)


def _error_signal(snapshot: Snapshot) -> tuple[list[Finding], list[Finding]]:
    """Return what is to be said of a signal that explodes, and of one that vanishes, on its way back."""
    deltas = [float(np.sqrt(np.mean(delta * delta))) for delta in _known(snapshot.delta)]
    hidden = snapshot.model.hidden
    exploding, vanishing = [], []
    shares = [delta / deltas[-1] if deltas[-1] > 0.0 else 1.0 for delta in deltas]
    if max(shares) > EXPLODED:
        layer = shares.index(max(shares)) + 1
        exploding.append(
            Finding(
                "exploding_gradient",
                f"On its way back to layer {layer} the error signal grows {max(shares):.3g} times: the weights that it "
                "is multiplied with are too large.",
                "Start again with new weights: the initialisation keeps the signal at one size.",
                _remedy(seed="next"),
                layer,
            )
        )
    if min(shares) < VANISHED:
        layer = shares.index(min(shares)) + 1
        size = f"shrinks to 1/{1.0 / min(shares):.3g}" if min(shares) > 0.0 else "dies out"
        vanishing.append(
            Finding(
                "vanishing_gradient",
                f"On its way back to layer {layer} the error signal {size}: every layer multiplies it with the slope "
                f"of {hidden}, so the first layers hardly learn.",
                "Start again with new weights." if hidden == "Tanh" else "Try Tanh, whose slope around 0 is 1.",
                _remedy(seed="next") if hidden == "Tanh" else _remedy(activation="Tanh"),
                layer,
            )
        )
    return exploding, vanishing


def _saturated_units(snapshot: Snapshot, learning_rate: float) -> Iterator[Finding]:
    activations = _known(snapshot.a)
    rate = learning_rate / 10 if learning_rate >= 0.3 else learning_rate
    for layer, a in enumerate(activations, start=1):
        last = layer == len(activations)
        kind = snapshot.model.output if last else snapshot.model.hidden
        slope = a * (1.0 - a) if kind == "Sigmoid" else 1.0 - a * a
        units = _numbers(np.asarray((slope < FLAT_SLOPE).all(axis=0)))
        if kind not in ("Sigmoid", "Tanh") or not units:
            continue
        where = "the output layer" if last else f"hidden layer {layer}"
        verb = "is" if len(units) == 1 else "are"
        yield Finding(
            "saturated_units",
            f"{_list(units)} of {where} {verb} saturated: for every row z lies where {kind} is flat, so almost no "
            "gradient comes back.",
            "Start again with new weights"
            + ("." if rate == learning_rate else " and a tenth of the learning rate: large steps made them too large."),
            _remedy(seed="next") if rate == learning_rate else _remedy(seed="next", learning_rate=_rate(rate)),
            layer,
            units,
        )


def _oscillation(history: History, learning_rate: float) -> Iterator[Finding]:
    tail = history.loss[-OSCILLATION_POINTS:]
    if len(tail) < OSCILLATION_POINTS:
        return
    steps = np.diff(tail)
    turns = float(np.mean(steps[1:] * steps[:-1] < 0.0))
    # the median, without np.median: in a browser that loads NumPy's masked arrays in the middle of a click
    height = float(np.sort(np.abs(steps))[len(steps) // 2] / tail.mean())
    half = OSCILLATION_POINTS // 2
    fall = 1.0 - float(tail[half:].mean() / tail[:half].mean())
    if turns < OSCILLATION_TURNS or height < OSCILLATION_HEIGHT or fall > OSCILLATION_FALL:
        return
    yield Finding(
        "oscillation",
        "The loss jumps up and down instead of falling: each step goes too far and the next one has to come back.",
        "Lower the learning rate to a third.",
        _remedy(learning_rate=_rate(learning_rate / 3)),
    )


def _plateau(snapshot: Snapshot, history: History, learning_rate: float) -> Iterator[Finding]:
    last = int(history.epoch[-1])
    if last < 2 * PLATEAU_EPOCHS:
        return
    half = int(np.searchsorted(history.epoch, last // 2))
    before, after = float(history.loss[half]), float(history.loss[-1])
    if before - after >= PLATEAU_FALL * before:
        return
    suggestion, remedy = _way_off_a_plateau(snapshot, learning_rate)
    sentence = (
        f"The loss has stayed at {after:.3g} since epoch {int(history.epoch[half])} and not every row is right: this "
        "training is stuck."
    )
    yield Finding("plateau", sentence, suggestion, remedy)


def _way_off_a_plateau(snapshot: Snapshot, learning_rate: float) -> tuple[str, Mapping[str, object]]:
    if len(snapshot.model.weights) == 1:
        text = "A perceptron can only draw a straight line: add a hidden layer of 4 neurons."
        return text, _remedy(hidden=(4,))
    if learning_rate < 1.0:
        rate = _rate(learning_rate * 10)
        return f"Raise the learning rate to {rate:g}.", _remedy(learning_rate=rate)
    if snapshot.model.hidden == "Sigmoid":
        return "Try Tanh, whose slope around 0 is four times that of Sigmoid.", _remedy(activation="Tanh")
    return "Start again with new weights.", _remedy(seed="next")


def _rate(rate: float) -> float:
    """Return a learning rate that the slider offers, 0.001 to 1, with two digits."""
    return float(f"{min(1.0, max(0.001, rate)):.2g}")


def _remedy(**changes: object) -> Mapping[str, object]:
    return MappingProxyType(changes)


def _known(arrays: tuple[Array | None, ...]) -> list[Array]:
    return [array for array in arrays if array is not None]


def _numbers(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) + 1 for i in np.flatnonzero(mask))


def _list(units: tuple[int, ...]) -> str:
    if len(units) == 1:
        return f"Neuron {units[0]}"
    return f"Neurons {', '.join(map(str, units[:-1]))} and {units[-1]}"

"""One sentence above the diagram: what has just happened, with the numbers of the running phase."""

from __future__ import annotations

import numpy as np

from perceptorium.engine import Snapshot
from perceptorium.selection import Weight
from perceptorium.session import State
from perceptorium.views.numbers import loss_text, short
from perceptorium.views.scene import weight_name


def caption(state: State) -> str:
    """The phase on screen, or what the page has to say, or what the diagram shows."""
    if state.playback is not None:
        return _phase(state.playback.frame, state)
    if state.note:
        return state.note
    return "Training." if state.running else ""


def _phase(frame: Snapshot, state: State) -> str:
    assert frame.phase is not None
    layer = frame.phase.layer or 0
    sizes = state.experiment.sizes
    match frame.phase.kind:
        case "zero_grad":
            return "optimizer.zero_grad(): the gradients of the step before are cleared."
        case "forward":
            units = f"{sizes[layer]} neuron{'s' if sizes[layer] > 1 else ''}"
            rows = f"{len(frame.x)} row{'s' if len(frame.x) > 1 else ''}"
            return f"forward, fc{layer}: z = a·W + b and a = f(z) of {units}, for {rows}."
        case "loss":
            assert frame.loss is not None
            return f"loss = criterion(output, y) = {loss_text(float(frame.loss))}"
        case "backward":
            grads = frame.weight_grads[layer - 1]
            assert grads is not None
            source, target = np.unravel_index(np.abs(grads).argmax(), grads.shape)
            named = weight_name(Weight(layer, int(source), int(target)), len(sizes))
            largest = short(float(grads[source, target]))
            return f"loss.backward(), fc{layer}: δ and ∂L/∂w; the largest is {largest}: {named}."
        case _:
            weight, old, new = largest_change(frame)
            named = weight_name(weight, len(sizes))
            return f"optimizer.step(): the largest change is {short(old)} → {short(new)}: {named}."


def largest_change(frame: Snapshot) -> tuple[Weight, float, float]:
    """The weight that the update moved most, its old value and its new one."""
    assert frame.before is not None
    best: tuple[float, Weight, float, float] | None = None
    for layer, (old, new) in enumerate(zip(frame.before.weights, frame.model.weights, strict=True), start=1):
        change = np.abs(new - old)
        source, target = (int(i) for i in np.unravel_index(change.argmax(), change.shape))
        if best is None or change[source, target] > best[0]:
            found = Weight(layer, source, target)
            best = float(change[source, target]), found, float(old[source, target]), float(new[source, target])
    assert best is not None
    return best[1:]

"""One step looked at phase by phase: the same programs as in training, with a copy of what each has computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from .losses import share_right
from .network import MLP
from .phases import Phase
from .program import Array, execute, read_only_copy
from .snapshot import Snapshot
from .workspace import Workspace, by_rows

T = TypeVar("T")


def walk_step(
    model: MLP, epoch: int, workspace: Workspace, gradients: tuple[Array, ...], decision: float
) -> Iterator[Snapshot]:
    """Run the phases of a step from "zero_grad" to the last "backward", and yield a snapshot after each.

    `workspace` holds the rows of the step; `gradients` are its views (..., fan_in + 1, fan_out), biases last.
    """
    layers = len(gradients)
    none = (None,) * layers
    snapshot = Snapshot(
        phase=Phase("zero_grad"),
        epoch=epoch,
        model=model,
        x=by_rows(workspace.inputs[..., :-1, :]),
        y=by_rows(workspace.targets),
        z=none,
        a=none,
        delta=none,
        weight_grads=none,
        bias_grads=none,
        loss=None,
        accuracy=None,
    )
    yield snapshot
    for layer in range(layers):
        execute(workspace.forward[layer])
        snapshot = replace(
            snapshot,
            phase=Phase("forward", layer + 1),
            z=_put(snapshot.z, layer, by_rows(workspace.z[layer])),
            a=_put(snapshot.a, layer, by_rows(workspace.a[layer])),
        )
        yield snapshot
    execute(workspace.loss_program)
    right = share_right(workspace.a[-1], workspace.targets, decision)
    loss = workspace.loss.reshape(model.ensemble_shape)
    snapshot = replace(snapshot, phase=Phase("loss"), loss=plain(loss), accuracy=plain(right))
    yield snapshot
    for layer in reversed(range(layers)):
        execute(workspace.backward[layer])
        snapshot = replace(
            snapshot,
            phase=Phase("backward", layer + 1),
            delta=_put(snapshot.delta, layer, by_rows(workspace.delta[layer])),
            weight_grads=_put(snapshot.weight_grads, layer, read_only_copy(gradients[layer][..., :-1, :])),
            bias_grads=_put(snapshot.bias_grads, layer, read_only_copy(gradients[layer][..., -1, :])),
        )
        yield snapshot


def observe(
    model: MLP,
    epoch: int,
    x: Array,
    y: Array,
    workspace: Workspace,
    gradients: tuple[Array, ...],
    loss: float | Array,
    right: float | Array,
) -> Snapshot:
    """Return a snapshot of everything that a forward and a backward pass have just left in `workspace`."""
    return Snapshot(
        phase=None,
        epoch=epoch,
        model=model,
        x=x,
        y=y,
        z=tuple(map(by_rows, workspace.z)),
        a=tuple(map(by_rows, workspace.a)),
        delta=tuple(map(by_rows, workspace.delta)),
        weight_grads=tuple(read_only_copy(gradient[..., :-1, :]) for gradient in gradients),
        bias_grads=tuple(read_only_copy(gradient[..., -1, :]) for gradient in gradients),
        loss=loss,
        accuracy=right,
    )


def plain(value: Array) -> float | Array:
    """Return a float for one network, a read-only copy for an ensemble."""
    return read_only_copy(value) if value.ndim else float(value)


def _put(values: tuple[T | None, ...], place: int, value: T) -> tuple[T | None, ...]:
    return (*values[:place], value, *values[place + 1 :])

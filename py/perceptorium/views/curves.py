"""The workbench's two charts: loss and accuracy over epochs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from perceptorium.engine.program import Array
from perceptorium.experiment import Experiment
from perceptorium.session import State
from perceptorium.views.chart import Chart, Series, chart, chart_paint
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Paint

LOSS_NAMES = {
    "MSELoss": "mean squared error",
    "HalfSquaredError": "half squared error",
    "BCELoss": "binary cross entropy",
    "BCEWithLogitsLoss": "binary cross entropy",
}


def curves(state: State) -> Element:
    """Both charts."""
    return h("div", chart(loss_chart(state)), chart(accuracy_chart(state)), class_="charts")


def curves_paint(state: State) -> tuple[Paint, ...]:
    """The charts' moving parts."""
    return (*chart_paint(loss_chart(state)), *chart_paint(accuracy_chart(state)))


def curves_frame(state: State) -> tuple[object, ...]:
    """All else that they show."""
    first = state.history.loss[0], state.history.accuracy[0]
    marker = _marker(state)
    return (
        state.experiment,
        state.reading,
        state.reference,
        marker,
        first,
        *loss_chart(state).axes(),
        *accuracy_chart(state).axes(),
    )


def loss_chart(state: State) -> Chart:
    """Loss over epochs."""
    history, kept = state.history, state.reference
    return Chart(
        id="loss",
        title="Loss",
        unit=_loss_name(state.experiment),
        series=Series(history.epoch.astype(np.float64), history.loss),
        operation="loss.backward()",
        summary=_summary("Loss", history.epoch, history.loss),
        threshold=state.experiment.stop_below or None,
        log=state.log_loss,
        reference=None if kept is None else Series(kept.epoch.astype(np.float64), kept.loss),
        cursor=_cursor(state, "loss"),
        marker=_marker(state),
    )


def accuracy_chart(state: State) -> Chart:
    """Accuracy over epochs, in percent."""
    history, kept = state.history, state.reference
    return Chart(
        id="accuracy",
        title="Accuracy",
        unit="%",
        series=Series(history.epoch.astype(np.float64), 100 * history.accuracy),
        operation="optimizer.step()",
        summary=_summary("Accuracy", history.epoch, 100 * history.accuracy, " %"),
        top=100.0,
        reference=None if kept is None else Series(kept.epoch.astype(np.float64), 100 * kept.accuracy),
        cursor=_cursor(state, "accuracy"),
        marker=_marker(state),
    )


def _summary(name: str, epochs: NDArray[np.int64], values: Array, unit: str = "") -> str:
    """Where the curve begins and ends, in one line of a narrow window."""
    if len(values) == 1:
        return f"{name} {values[0]:.4g}{unit} before training."
    return f"{name} from {values[0]:.4g}{unit} to {values[-1]:.4g}{unit} at epoch {epochs[-1]}."


def _cursor(state: State, name: str) -> float | None:
    return state.reading[1] if state.reading and state.reading[0] == name else None


def _marker(state: State) -> float | None:
    """The epoch of the step that is on screen."""
    return float(state.playback.frame.epoch) if state.playback else None


def _loss_name(experiment: Experiment) -> str:
    return LOSS_NAMES[experiment.loss]

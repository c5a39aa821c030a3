"""Below the charts: back to a kept epoch, the loss's axis, and a run to compare with."""

from __future__ import annotations

from perceptorium.session import State
from perceptorium.views.controls import button, radios
from perceptorium.views.markup import Element, h


def timeline(state: State) -> Element:
    """The controls that concern the history."""
    return h(
        "div",
        _rewind(state),
        radios("Loss axis", "loss-axis", (("linear", "linear"), ("log", "log")), "log" if state.log_loss else "linear",
               "loss-axis"),
        button("Keep this run", "keep-run", title="Leaves its curves as faint lines, to compare the next run with")
        if state.reference is None else button("Drop the kept run", "drop-run"),
        class_="timeline",
    )  # fmt: skip


def timeline_frame(state: State) -> tuple[object, ...]:
    """All that it shows."""
    kept = state.history.kept_epochs
    return kept, state.standing.epoch, state.log_loss, state.reference is None


def _position(state: State) -> int:
    """The last kept moment that is not after the current epoch."""
    return sum(epoch <= state.standing.epoch for epoch in state.history.kept_epochs) - 1


def _rewind(state: State) -> Element:
    kept, position = state.history.kept_epochs, _position(state)
    here = state.standing.epoch
    return h(
        "label",
        h("span", "Rewind", class_="label"),
        h("input", type="range", aria_label="Rewind", min=0, max=max(len(kept) - 1, 0), step=1, value=position,
          aria_valuetext=f"epoch {kept[position]}", data_change="rewind", autocomplete="off", disabled=len(kept) < 2),
        h("span", f"{len(kept)} kept, 0 to {here}", class_="label"),
        class_="field",
    )  # fmt: skip

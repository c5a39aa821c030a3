"""The one function that changes the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from perceptorium import messages as m
from perceptorium.selection import Selection, check_place
from perceptorium.session import (
    coding,
    editing,
    lab,
    lab_network,
    pipeline,
    playground,
    remedy,
    setup,
    sharing,
    training,
)
from perceptorium.session.concepts import set_concept
from perceptorium.session.pipeline import Pipeline
from perceptorium.session.playground import Playground
from perceptorium.session.state import State


def update(state: State, message: m.Message) -> State:
    """The state after a message.

    Raises:
        InvalidValue: the message asks for what an experiment cannot be; the state is then unchanged.
    """
    return _HANDLERS[type(message)](state, message)


def select(state: State, selection: Selection) -> State:
    """Inspect something; what is selected already is let go."""
    if selection is not None:
        check_place(state.experiment.sizes, selection)
    return replace(state, selection=None if selection == state.selection else selection, nudge=None)


def take_xor(state: State) -> State:
    """The playground's experiment and network in the workbench; both go on from here on their own."""
    xor = state.xor
    return replace(setup.restart(state, xor.experiment, xor.start), standing=xor.standing)


def _in_playground(change: Callable[[Playground, Any], Playground]) -> Callable[[State, Any], State]:
    def changed(state: State, message: Any) -> State:
        xor = change(state.xor, message)
        return state if xor is state.xor else replace(state, xor=xor)

    return changed


def _in_pipeline(change: Callable[[Pipeline, Any], Pipeline]) -> Callable[[State, Any], State]:
    def changed(state: State, message: Any) -> State:
        after = change(pipeline.current(state.pipeline, state.experiment, state.start), message)
        return state if after is state.pipeline else replace(state, pipeline=after)

    return changed


_HANDLERS: Mapping[type[m.Message], Callable[[State, Any], State]] = {
    m.Advance: lambda state, message: training.advance(state, message.epochs),
    m.ToggleTraining: lambda state, _: training.train_or_pause(state),
    m.StepEpoch: lambda state, _: training.step_epoch(state),
    m.StepLine: lambda state, _: training.step_line(state),
    m.Play: lambda state, message: training.play(state, message.direction),
    m.Beat: lambda state, _: training.beat(state),
    m.Reset: lambda state, _: setup.reset(state),
    m.NewWeights: lambda state, _: setup.new_weights(state),
    m.AddLayer: lambda state, _: setup.add_layer(state),
    m.RemoveLayer: lambda state, _: setup.remove_layer(state),
    m.SetNeurons: lambda state, message: setup.set_neurons(state, message.layer, message.neurons),
    m.Configure: lambda state, message: setup.configure(state, dict(message.changes)),
    m.ShowRow: lambda state, message: replace(state, row=message.row),
    m.ReadChart: lambda state, message: replace(
        state, reading=None if message.epoch is None else (message.chart, message.epoch)
    ),
    m.Select: lambda state, message: select(state, message.selection),
    m.SetParameter: lambda state, message: editing.set_parameter(state, message.place, message.value),
    m.NudgeWeight: lambda state, message: editing.nudge_weight(state, message.weight, message.direction),
    m.SetNudge: lambda state, message: replace(state, nudge_size=message.size),
    m.Rewind: lambda state, message: editing.rewind(state, message.position),
    m.KeepRun: lambda state, message: replace(state, reference=state.history if message.keep else None),
    m.SetLossAxis: lambda state, message: replace(state, log_loss=message.log),
    m.SetSpeed: lambda state, message: replace(state, speed=message.epochs),
    m.SetBeat: lambda state, message: replace(state, beat_ms=message.milliseconds),
    m.ApplyRemedy: lambda state, message: remedy.apply_remedy(state, message.position),
    m.SetEngine: lambda state, message: replace(state, engine=message.engine),
    m.SetForm: lambda state, message: replace(state, form=message.form, line=None, edit=None),
    m.ReadLine: lambda state, message: replace(state, line=message.line),
    m.EditCode: lambda state, message: (
        coding.begin_edit(state) if message.text is None else coding.edit_code(state, message.text)
    ),
    m.EndEdit: lambda state, _: replace(state, edit=None),
    m.HighlightingReady: lambda state, _: replace(state, highlighting=True),
    m.Say: lambda state, message: replace(state, note=message.sentence),
    m.Measured: lambda state, message: replace(state, rates=message.rates),
    m.OpenLink: lambda state, message: sharing.open_link(state, message.fragment),
    m.OpenFile: lambda state, message: sharing.open_file(state, message.text),
    m.SetShare: sharing.set_share,
    m.SetTheme: lambda state, message: replace(state, theme=message.theme),
    m.Viewport: lambda state, message: (
        state if message.narrow == state.narrow else replace(state, narrow=message.narrow)
    ),
    m.TakeXor: lambda state, _: take_xor(state),
    **{kind: _in_playground(change) for kind, change in playground.CHANGES.items()},
    **{kind: _in_pipeline(change) for kind, change in pipeline.CHANGES.items()},
    m.RunLab: lambda state, _: replace(state, lab=lab.run_or_cancel(state.lab, state.engine)),
    m.AdvanceLab: lambda state, message: replace(state, lab=lab.advance(state.lab, message.now_ms)),
    m.ChooseLab: lambda state, message: replace(state, lab=lab.choose(state.lab, message.name)),
    m.ConfigureLab: lambda state, message: replace(state, lab=lab.configure(state.lab, message.name, message.text)),
    m.SetConcept: lambda state, message: replace(
        state, concepts=set_concept(state.concepts, message.concept, message.field, message.text)
    ),
    m.OpenFailed: lambda state, message: lab_network.open_failed(state, message.row),
}

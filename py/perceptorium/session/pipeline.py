"""The training pipeline: the workbench's program, run in five steps with the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from perceptorium import messages as m
from perceptorium.engine import MLP, InvalidValue
from perceptorium.experiment import Experiment
from perceptorium.session.pipeline_code import STEPS, defines, reports, run, step_code
from perceptorium.session.pipeline_output import (
    printed_data,
    printed_evaluation,
    printed_loss,
    printed_model,
    printed_objective,
)
from perceptorium.session.standing import Engine, Standing, standing
from perceptorium.session.workspace import Workspace
from perceptorium.torchcode import Program

own = Workspace()
"""Trains in the pipeline's loop."""


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """The training of the loop, which ends after its epochs and not before."""

    experiment: Experiment
    standing: Standing

    @property
    def engine(self) -> Engine:
        """Compiled, where there is something that runs it."""
        return "compiled"


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline:
    """How far the learner has got.

    Attributes:
        experiment, start: the workbench's, whose program this runs.
        names: what is defined so far, as in a script.
        done: the steps that have been run to their end.
        printed: by step, what it has printed.
        missed: by step, the name that it missed when it was last run, and the line that wanted it.
        touched: the step that was run last.
        loop: the training, once the loop has begun.
        running: whether the loop is under way.
        pending: what is to be run after the loop.
    """

    experiment: Experiment
    start: MLP
    names: frozenset[str]
    done: tuple[str, ...] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    missed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    touched: str | None = None
    loop: Loop | None = None
    running: bool = False
    pending: tuple[str, ...] = ()

    @property
    def program(self) -> Program:
        """The program that is run."""
        return program(self.experiment, self.start)

    @property
    def code(self) -> Mapping[str, str]:
        """The text of each step, and of the imports ("libraries")."""
        return step_code(self.program)

    @property
    def epoch(self) -> int:
        """Epochs that the loop has trained."""
        return self.loop.standing.epoch if self.loop else 0

    def defined_in(self, name: str) -> str | None:
        """The step that defines a name, or None."""
        return next((step for step in STEPS if name in defines(self.code[step])), None)


_LIBRARIES = frozenset({"np", "torch", "nn", "optim", "DataLoader", "TensorDataset"})
"""What is imported before the first step."""


@lru_cache(maxsize=2)
def program(experiment: Experiment, start: MLP) -> Program:
    """The program of an experiment that trains from these weights."""
    return experiment.program(start)


def begin(experiment: Experiment, start: MLP) -> Pipeline:
    """Nothing is run yet, but for the imports."""
    return Pipeline(experiment, start, _LIBRARIES)


def current(pipeline: Pipeline, experiment: Experiment, start: MLP) -> Pipeline:
    """The pipeline, or a new one if the workbench now holds another program."""
    same = pipeline.experiment == experiment and pipeline.start is start
    return pipeline if same else begin(experiment, start)


def run_step(pipeline: Pipeline, step: str) -> Pipeline:
    """Run one step, as far as the names allow; what was run to its end, or while the loop trains, is left as it is."""
    if step not in STEPS:
        raise InvalidValue(f"step is {step!r}; it must be one of {', '.join(STEPS)}")
    if step in pipeline.done or pipeline.running:
        return pipeline
    outcome = run(pipeline.code[step], pipeline.names)
    pipeline = replace(pipeline, names=outcome.defined, touched=step)
    if outcome.missing is not None:
        return replace(pipeline, missed={**pipeline.missed, step: (outcome.missing, outcome.line)}, pending=())
    missed = {name: missing for name, missing in pipeline.missed.items() if name != step}
    pipeline = replace(pipeline, missed=missed)
    if step == "loop":
        return _begin_loop(pipeline)
    return replace(pipeline, done=(*pipeline.done, step), printed={**pipeline.printed, step: _print(pipeline, step)})


def run_all(pipeline: Pipeline) -> Pipeline:
    """Run what has not been run, in order; after the loop the clock goes on with the rest."""
    steps = [step for step in STEPS if step not in pipeline.done]
    for position, step in enumerate(steps):
        pipeline = run_step(pipeline, step)
        if pipeline.running:
            return replace(pipeline, pending=tuple(steps[position + 1 :]))
    return pipeline


def advance(pipeline: Pipeline, epochs: int) -> Pipeline:
    """Train some epochs of a loop that is under way, at most up to the next one that is printed."""
    loop = pipeline.loop
    if loop is None or not pipeline.running:
        return pipeline
    last = loop.experiment.epochs
    due = next((epoch for epoch in reports(pipeline.program) if epoch > loop.standing.epoch), last)
    report = own.at(loop).run(min(epochs, due - loop.standing.epoch))
    loop = replace(loop, standing=own.leave())
    pipeline = _report(replace(pipeline, loop=loop))
    if report.reason == "diverged":
        words = f"(after epoch {loop.standing.epoch} the loss is no finite number; PyTorch would go on with nan)\n"
        pipeline = _say(pipeline, words)
    elif loop.standing.epoch < last:
        return pipeline
    rest = pipeline.pending
    pipeline = replace(pipeline, running=False, done=(*pipeline.done, "loop"), pending=())
    for step in rest:
        pipeline = run_step(pipeline, step)
    return pipeline


def _begin_loop(pipeline: Pipeline) -> Pipeline:
    experiment = pipeline.experiment.with_(stop_below=0.0)
    loop = Loop(experiment, standing(experiment.trainer(pipeline.start)))
    return _report(replace(pipeline, loop=loop, running=True, printed={**pipeline.printed, "loop": ""}))


def _report(pipeline: Pipeline) -> Pipeline:
    """Print the loss if that is due at this epoch."""
    assert pipeline.loop is not None
    if pipeline.epoch not in reports(pipeline.program):
        return pipeline
    return _say(pipeline, printed_loss(pipeline.epoch, pipeline.loop.standing.loss))


def _say(pipeline: Pipeline, text: str) -> Pipeline:
    return replace(pipeline, printed={**pipeline.printed, "loop": pipeline.printed["loop"] + text})


def _print(pipeline: Pipeline, step: str) -> str:
    if step == "evaluate":
        # Evaluated before the loop, the model is as it was made.
        model = pipeline.loop.standing.model if pipeline.loop else pipeline.start
        return printed_evaluation(pipeline.program, model)
    return {"model": printed_model, "data": printed_data, "objective": printed_objective}[step](pipeline.program)


CHANGES: Mapping[type[m.Message], Callable[[Pipeline, Any], Pipeline]] = {
    m.RunPipelineStep: lambda pipeline, message: run_step(pipeline, message.step),
    m.RunPipeline: lambda pipeline, _: run_all(pipeline),
    m.AdvancePipeline: lambda pipeline, message: advance(pipeline, message.epochs),
    m.RestartPipeline: lambda pipeline, _: begin(pipeline.experiment, pipeline.start),
}
"""What each message of the pipeline changes in it."""

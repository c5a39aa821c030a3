"""What can happen, each a frozen message; long because it is the one list of all that a user or the clock does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from perceptorium.selection import Neuron, Selection, Weight
from perceptorium.torchcode import Form


@dataclass(frozen=True, slots=True)
class ToggleTraining:
    """Train, or Pause."""


@dataclass(frozen=True, slots=True)
class Advance:
    """The clock: train ``epochs`` epochs, if training is on."""

    epochs: int


@dataclass(frozen=True, slots=True)
class StepEpoch:
    """One epoch."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One phase of a training step."""


@dataclass(frozen=True, slots=True)
class Play:
    """Show a pass layer after layer: "forward" changes nothing, "backward" ends with the update."""

    direction: str


@dataclass(frozen=True, slots=True)
class Beat:
    """The clock: the next picture of a pass that is playing."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the weights that training started from."""


@dataclass(frozen=True, slots=True)
class NewWeights:
    """New weights from the next seed."""


@dataclass(frozen=True, slots=True)
class AddLayer:
    """One hidden layer more, before the output."""


@dataclass(frozen=True, slots=True)
class RemoveLayer:
    """The last hidden layer goes."""


@dataclass(frozen=True, slots=True)
class SetNeurons:
    """Neurons of hidden layer ``layer`` (1 is the first)."""

    layer: int
    neurons: int


@dataclass(frozen=True, slots=True)
class Configure:
    """Change fields of the experiment."""

    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ShowRow:
    """Show what the network computes for one row of the data, or for all (None)."""

    row: int | None


@dataclass(frozen=True, slots=True)
class ReadChart:
    """Read a chart at an epoch; None ends the reading."""

    chart: str
    epoch: float | None


@dataclass(frozen=True, slots=True)
class Select:
    """Inspect a neuron or a connection; None inspects nothing."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Give a weight, or the bias of a neuron, another value by hand."""

    place: Neuron | Weight
    value: float


@dataclass(frozen=True, slots=True)
class NudgeWeight:
    """Change a weight by ε up (+1) or down (-1) and see what the loss does."""

    weight: Weight
    direction: int


@dataclass(frozen=True, slots=True)
class SetNudge:
    """The ε of the next nudge."""

    size: float


@dataclass(frozen=True, slots=True)
class Rewind:
    """Go back to the kept moment number ``position`` of the history; training goes on from there."""

    position: int


@dataclass(frozen=True, slots=True)
class KeepRun:
    """Keep this run's curve to compare the next one with, or (False) drop the kept one."""

    keep: bool


@dataclass(frozen=True, slots=True)
class SetLossAxis:
    """A logarithmic or a linear axis for the loss."""

    log: bool


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Epochs an animation frame; None is as many as fit."""

    epochs: int | None


@dataclass(frozen=True, slots=True)
class SetEngine:
    """Train with the NumPy reference, or with the network compiled to WebAssembly."""

    engine: Literal["NumPy", "compiled"]


@dataclass(frozen=True, slots=True)
class SetBeat:
    """Milliseconds between two pictures of a pass that plays."""

    milliseconds: float


@dataclass(frozen=True, slots=True)
class SetForm:
    """Show the program as a Listing or Exact."""

    form: Form


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Read what a line of the program means."""

    line: int


@dataclass(frozen=True, slots=True)
class EditCode:
    """The learner's text of the program; None begins an edit."""

    text: str | None


@dataclass(frozen=True, slots=True)
class EndEdit:
    """Back to the generated program."""


@dataclass(frozen=True, slots=True)
class HighlightingReady:
    """What colours Python has been loaded."""


@dataclass(frozen=True, slots=True)
class Say:
    """Something that the page has to say."""

    sentence: str


@dataclass(frozen=True, slots=True)
class ApplyRemedy:
    """Do what finding number ``position`` of the diagnosis suggests, and train on."""

    position: int


@dataclass(frozen=True, slots=True)
class Measured:
    """The clock: how many epochs each engine trains in a second of computing."""

    rates: tuple[tuple[Literal["NumPy", "compiled"], float], ...]


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Set up the page as a link says: the text after ``#``."""

    fragment: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """Set up the experiment of a file that the page saved."""

    text: str


@dataclass(frozen=True, slots=True)
class SetShare:
    """What the next copied link holds: whether its ``option`` names ``name``."""

    option: Literal["weights", "hide", "lock"]
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class SetTheme:
    """Light, dark, or as the system has it."""

    theme: Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True)
class Viewport:
    """The window became narrow (a phone's) or wide."""

    narrow: bool


@dataclass(frozen=True, slots=True)
class ToggleXor:
    """XOR playground: train, or pause."""


@dataclass(frozen=True, slots=True)
class AdvanceXor:
    """The clock: train the playground's network ``epochs`` epochs, if its training is on."""

    epochs: int


@dataclass(frozen=True, slots=True)
class ResetXor:
    """XOR playground: back to the weights that training started from."""


@dataclass(frozen=True, slots=True)
class NewXorWeights:
    """XOR playground: new weights from the next seed."""


@dataclass(frozen=True, slots=True)
class ConfigureXor:
    """XOR playground: change fields of its experiment."""

    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RemedyXor:
    """XOR playground: do what finding number ``position`` of its diagnosis suggests, and train."""

    position: int


@dataclass(frozen=True, slots=True)
class SpanXor:
    """XOR playground: show the hidden space by two of its units, or by two other directions."""

    span: tuple[int, int] | Literal["output", "components"]


@dataclass(frozen=True, slots=True)
class MorphXor:
    """XOR playground: how far the points are on their way from the input space (0) to the hidden space (1)."""

    share: float


@dataclass(frozen=True, slots=True)
class ProbeXor:
    """XOR playground: read the prediction for two inputs; None ends the reading."""

    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class MoveXorProbe:
    """XOR playground: read the prediction so many steps further along x₁ and x₂."""

    x1: int
    x2: int


@dataclass(frozen=True, slots=True)
class RunPipelineStep:
    """Training pipeline: run the step with this id."""

    step: str


@dataclass(frozen=True, slots=True)
class RunPipeline:
    """Training pipeline: run every step that has not been run."""


@dataclass(frozen=True, slots=True)
class AdvancePipeline:
    """The clock: train ``epochs`` epochs of the pipeline's loop, if it is under way."""

    epochs: int


@dataclass(frozen=True, slots=True)
class RestartPipeline:
    """Training pipeline: forget what was run."""


@dataclass(frozen=True, slots=True)
class TakeXor:
    """Take the playground's network, as it is now, to the workbench."""


@dataclass(frozen=True, slots=True)
class RunLab:
    """Run the lab's experiment, or Cancel it."""


@dataclass(frozen=True, slots=True)
class AdvanceLab:
    """The clock: a little more of the lab's experiment, if one runs."""

    now_ms: float


@dataclass(frozen=True, slots=True)
class ChooseLab:
    """Show another experiment of the lab."""

    name: str


@dataclass(frozen=True, slots=True)
class ConfigureLab:
    """Change a setting of the lab to the text of its control."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """Open a network of row ``row`` of the lab that did not learn in the workbench."""

    row: int


@dataclass(frozen=True, slots=True)
class SetConcept:
    """Give a field of one of the concepts the value that ``text`` says."""

    concept: str
    field: str
    text: str


Message: TypeAlias = (
    ToggleTraining
    | Advance
    | StepEpoch
    | StepLine
    | Play
    | Beat
    | Reset
    | NewWeights
    | AddLayer
    | RemoveLayer
    | SetNeurons
    | Configure
    | ShowRow
    | ReadChart
    | Select
    | SetParameter
    | NudgeWeight
    | SetNudge
    | Rewind
    | KeepRun
    | SetLossAxis
    | SetSpeed
    | SetEngine
    | SetBeat
    | ApplyRemedy
    | SetForm
    | ReadLine
    | EditCode
    | EndEdit
    | HighlightingReady
    | Say
    | Measured
    | OpenLink
    | OpenFile
    | SetShare
    | SetTheme
    | Viewport
    | ToggleXor
    | AdvanceXor
    | ResetXor
    | NewXorWeights
    | ConfigureXor
    | RemedyXor
    | SpanXor
    | MorphXor
    | ProbeXor
    | MoveXorProbe
    | TakeXor
    | RunPipelineStep
    | RunPipeline
    | AdvancePipeline
    | RestartPipeline
    | RunLab
    | AdvanceLab
    | ChooseLab
    | ConfigureLab
    | OpenFailed
    | SetConcept
)

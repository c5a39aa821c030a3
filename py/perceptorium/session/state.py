"""Everything that the page shows, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from perceptorium.engine import MLP, History, Snapshot
from perceptorium.experiment import Experiment
from perceptorium.selection import Selection
from perceptorium.session.concepts import Concepts
from perceptorium.session.lab import Lab
from perceptorium.session.pipeline import Pipeline
from perceptorium.session.playground import Playground
from perceptorium.session.standing import Engine, Standing
from perceptorium.torchcode import Form

Theme: TypeAlias = Literal["system", "light", "dark"]


@dataclass(frozen=True, slots=True, eq=False)
class Playback:
    """A training step laid out in pictures, and the one that is shown.

    Attributes:
        frames: one snapshot a phase.
        position: the phase on screen.
        after: where training stands once the last phase is shown; None when nothing is changed (any more).
        playing: whether the clock moves it on; a step line by line is moved by the user.
    """

    frames: tuple[Snapshot, ...]
    position: int
    after: Standing | None
    playing: bool

    @property
    def frame(self) -> Snapshot:
        """The picture on screen."""
        return self.frames[self.position]

    @property
    def at_end(self) -> bool:
        """Whether the last picture is on screen."""
        return self.position == len(self.frames) - 1


@dataclass(frozen=True, slots=True)
class Nudge:
    """What a small change of one weight did to the loss, and what its gradient had predicted."""

    by: float
    before: float
    after: float
    predicted: float


@dataclass(frozen=True, slots=True)
class Edit:
    """The program as the learner is editing it: the text it began with, the text now, and what is not understood."""

    initial: str
    text: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Everything that the page shows.

    Attributes:
        experiment: what the user set up.
        start: the weights that Reset returns to.
        standing: where training stands.
        xor: the XOR playground.
        pipeline: the training pipeline.
        changed_at: the epoch at which this run was first changed by hand, or None: what the Exact program repeats.
        running: whether the clock trains.
        playback: a step that is being walked through or played.
        row: the row of the data that the diagram shows, or None for all.
        selection: what the inspector shows.
        nudge, nudge_size: the last nudge of the selected weight, and the next one's ε.
        reading: (chart, epoch) that is being read.
        reference: the curve of a kept run to compare with.
        log_loss: whether the loss has a logarithmic axis.
        engine: what trains: the NumPy reference, or the network compiled to WebAssembly.
        speed: epochs an animation frame; None is as many as fit.
        beat_ms: milliseconds between two pictures of a pass that plays.
        rates: for each engine the epochs that it was measured to train in a second of computing.
        form: the form of the program.
        line: the line of the program that is being read.
        edit: an edit of the program that is under way.
        highlighting: whether there is something that colours Python.
        hide, lock: sections that a link hides, and fields of the experiment that it fixes.
        share: what the next copied link is to hold, by option and name.
        theme: of the page.
        lab: the convergence lab.
        concepts: the six concepts.
        note: what the page has to say about the last thing that happened, in words.
        narrow: whether the window is a phone's.
    """

    experiment: Experiment
    start: MLP
    standing: Standing
    xor: Playground
    pipeline: Pipeline
    changed_at: int | None = None
    running: bool = False
    playback: Playback | None = None
    row: int | None = 2
    selection: Selection = None
    nudge: Nudge | None = None
    nudge_size: float = 0.1
    reading: tuple[str, float] | None = None
    reference: History | None = None
    log_loss: bool = False
    engine: Engine = "compiled"
    speed: int | None = 10
    beat_ms: float = 700.0
    rates: tuple[tuple[Engine, float], ...] = ()
    form: Form = "listing"
    line: int | None = None
    edit: Edit | None = None
    highlighting: bool = False
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    share: frozenset[tuple[str, str]] = frozenset()
    theme: Theme = "system"
    lab: Lab = field(default_factory=Lab)
    note: str = ""
    narrow: bool = False
    concepts: Concepts = field(default_factory=Concepts)

    @property
    def model(self) -> MLP:
        """The network on screen."""
        return self.playback.frame.model if self.playback else self.standing.model

    @property
    def history(self) -> History:
        """Loss and accuracy so far."""
        return self.standing.history

    @property
    def moving(self) -> bool:
        """Whether something trains or plays, so that there is a next frame to draw."""
        sections = self.xor.running or self.pipeline.running or self.lab.running
        return self.running or sections or bool(self.playback and self.playback.playing)

    @property
    def first_change(self) -> int | None:
        """The epoch at which this run is first changed by hand, if it is changed now."""
        if self.standing.epoch == 0:
            return None
        return self.standing.epoch if self.changed_at is None else self.changed_at

"""The PyTorch code pane: its form, the line that is being read, and an edit of the program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from perceptorium.engine import MLP
from perceptorium.experiment import Experiment
from perceptorium.session.setup import configure
from perceptorium.session.state import Edit, State
from perceptorium.torchcode import Form, Source, generate


@dataclass(frozen=True, slots=True, eq=False)
class _Key:
    """What a program depends on, compared without looking into the weights."""

    experiment: Experiment
    form: Form
    start: MLP

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and (
            (self.experiment, self.form) == (other.experiment, other.form) and self.start is other.start
        )

    def __hash__(self) -> int:
        return hash((self.experiment, self.form, id(self.start)))


@lru_cache(maxsize=4)
def _source(key: _Key) -> Source:
    return generate(key.experiment.program(key.start), key.form)


def source(state: State) -> Source:
    """The program of what is on screen; the same object as long as it stays the same."""
    return _source(_Key(state.experiment, state.form, state.start))


def edit_code(state: State, text: str) -> State:
    """Follow an edited program where it is understood; where it is not, keep the text and name the lines."""
    initial = state.edit.initial if state.edit else source(state).text
    edited = state.experiment.edited(text, state.form, state.start)
    problems = tuple(map(str, edited.problems))
    changes = {name: getattr(edited.experiment, name) for name in edited.experiment.changed(state.experiment)}
    return replace(configure(state, changes), edit=Edit(initial, text, problems))


def begin_edit(state: State) -> State:
    """Open the program for editing."""
    text = source(state).text
    return replace(state, edit=Edit(text, text, ()), line=None)

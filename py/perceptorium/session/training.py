"""What trains, and what shows a training step piece by piece."""

from __future__ import annotations

from dataclasses import replace

from perceptorium.session.lab import cancel
from perceptorium.session.state import Playback, State
from perceptorium.session.workspace import workspace


def advance(state: State, epochs: int) -> State:
    """Train some epochs, if training is on."""
    return train(state, epochs) if state.running else state


def train_or_pause(state: State) -> State:
    """Begin, or stop at the epoch that is reached."""
    note = f"Paused. {result(state)}" if state.running else ""
    return replace(finish_playback(state), running=not state.running, note=note, nudge=None)


def step_epoch(state: State) -> State:
    """Train one epoch and stop."""
    return train(stopped(finish_playback(state)), 1)


def train(state: State, epochs: int) -> State:
    """Train some epochs; where that ends training, say so."""
    report = workspace.at(state).run(epochs)
    after = replace(state, standing=workspace.leave(), nudge=None)
    if report.reason == "below_threshold":
        reason = f"Stopped: the loss is below {state.experiment.stop_below:g}."
        return replace(after, running=False, note=f"{reason} {result(after)}")
    if report.reason == "diverged":
        sentence = (
            "Stopped: the loss was no longer a finite number, so the last finite weights are kept. "
            "Try a smaller learning rate, or Reset."
        )
        return replace(after, running=False, note=sentence)
    return after


def result(state: State) -> str:
    """What training has come to, as a sentence: the page says it once, when training stops."""
    standing = state.standing
    return f"Epoch {standing.epoch}: loss {standing.loss:.4g}, accuracy {100 * standing.accuracy:.3g} %."


def stopped(state: State) -> State:
    """The state with training off and nothing said."""
    return replace(state, running=False, note="", nudge=None)


def paused(state: State) -> State:
    """The state with nothing moving, as after a failure: what moved could fail again at once."""
    return replace(
        finish_playback(state),
        running=False,
        xor=replace(state.xor, running=False),
        pipeline=replace(state.pipeline, running=False, pending=()),
        lab=cancel(state.lab),
    )


def step_line(state: State) -> State:
    """One phase on; after the last, the next step begins."""
    state = stopped(state)
    if state.playback is None or state.playback.playing or state.playback.at_end:
        state = finish_playback(state)
        return replace(state, playback=_lay_out(state, playing=False))
    return _move_on(state, state.playback)


def play(state: State, direction: str) -> State:
    """Play the layers' forward phases, which change nothing; or loss, backward phases and the update."""
    state = stopped(finish_playback(state))
    whole = _lay_out(state, playing=True)
    last = max(index for index, frame in enumerate(whole.frames) if frame.phase and frame.phase.kind == "forward")
    if direction == "forward":
        return replace(state, playback=Playback(whole.frames[1 : last + 1], 0, None, playing=True))
    return replace(state, playback=Playback(whole.frames[last + 1 :], 0, whole.after, playing=True))


def beat(state: State) -> State:
    """The next picture of a pass that plays; after the last one it is over."""
    if state.playback is None or not state.playback.playing:
        return state
    return finish_playback(state) if state.playback.at_end else _move_on(state, state.playback)


def finish_playback(state: State) -> State:
    """Leave a step that is under way: one that changes weights is completed, so that no half step is ever kept."""
    if state.playback is None:
        return state
    return replace(state, playback=None, standing=state.playback.after or state.standing)


def _lay_out(state: State, playing: bool) -> Playback:
    frames = tuple(workspace.at(state).walk())
    return Playback(frames, 0, workspace.leave(), playing)


def _move_on(state: State, playback: Playback) -> State:
    """The next picture. With the last one, the update, training stands where the step leads."""
    moved = replace(playback, position=playback.position + 1)
    if moved.at_end and moved.after:
        return replace(state, playback=replace(moved, after=None), standing=moved.after)
    return replace(state, playback=moved)

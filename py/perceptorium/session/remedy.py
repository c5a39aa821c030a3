"""The diagnosis of what is on screen, and doing what it suggests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from perceptorium.engine import Finding, InvalidValue, diagnose
from perceptorium.session.setup import configure, restart
from perceptorium.session.state import State
from perceptorium.session.workspace import snapshot


def findings(state: State) -> tuple[Finding, ...]:
    """What is wrong with this training, the worst first; nothing is said of one that has not begun."""
    if state.standing.epoch == 0:
        return ()
    diverged = bool(state.standing.checkpoint.diverged)
    return diagnose(snapshot(state), state.history, state.experiment.learning_rate, diverged)


def apply_remedy(state: State, position: int) -> State:
    """Change the experiment as finding ``position`` suggests, and train."""
    found = findings(state)
    if not 0 <= position < len(found):
        raise InvalidValue(f"position is {position}; the diagnosis has {len(found)} findings")
    changes: dict[str, Any] = dict(found[position].remedy)
    if changes.get("seed") == "next":
        changes["seed"] = (state.experiment.seed + 1) % 2**32
    before = state.experiment
    state = configure(state, changes)
    if state.experiment == before:
        state = restart(state, before, before.model())
    return replace(state, running=True)

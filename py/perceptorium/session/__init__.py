"""The app's whole state and the one function that changes it: ``update(state, message) -> state``.

Nothing here knows about a page. The state is a frozen value; the engine's trainer is a workspace that is loaded from
it and read back into it, so the same state and message always give the same next state.
"""

from perceptorium.session.initial import default_state, initial_state
from perceptorium.session.remedy import findings
from perceptorium.session.state import Nudge, Playback, State
from perceptorium.session.update import update
from perceptorium.session.workspace import next_model, snapshot

__all__ = [
    "Nudge",
    "Playback",
    "State",
    "default_state",
    "findings",
    "initial_state",
    "next_model",
    "snapshot",
    "update",
]

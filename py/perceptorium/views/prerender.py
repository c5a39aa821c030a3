"""What the build writes into the page: the same views, of the state that a page opens with."""

from __future__ import annotations

from dataclasses import replace

from perceptorium.session import initial_state
from perceptorium.views.markup import render
from perceptorium.views.panels import PANELS


def fragments() -> dict[str, str]:
    """HTML for each ``<!-- build:NAME -->`` of ``index.html``."""
    state = replace(initial_state(), highlighting=True)
    return {name: render(parts.view(state)) for name, parts in PANELS.items()}

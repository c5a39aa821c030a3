"""The app in the browser: one state, the panels that show it, and what sends it messages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from perceptorium.engine import InvalidValue
from perceptorium.messages import Advance, Beat, Message, Viewport, parse
from perceptorium.page.clock import Clock, Pace
from perceptorium.page.dom import Dom
from perceptorium.page.events import Events
from perceptorium.page.painter import Painter
from perceptorium.page.panel import Panel
from perceptorium.page.reading import move_focus, read_chart, read_chart_by_key
from perceptorium.session import State, initial_state, update
from perceptorium.views.panels import PANELS

BEAT_MS = 700.0
NARROW = "(max-width: 899px)"


class App:
    """Holds the state and brings every change of it to the page."""

    def __init__(self, document: Any, window: Any, host: Any, proxy: Any) -> None:
        self._document = document
        self.state: State = initial_state()
        self._panels = [
            Panel(parts, Dom(document, root), Painter(host.painter(root)), self.state)
            for parts, root in ((parts, document.getElementById(name)) for name, parts in PANELS.items())
        ]
        self._pace = Pace()
        self._clock = Clock(window, self._tick, proxy)
        self._next_beat = 0.0
        Events(document, self._send, proxy)
        narrow = window.matchMedia(NARROW)
        narrow.addEventListener("change", proxy(lambda event: self.dispatch(Viewport(bool(event.matches)))))
        self.dispatch(Viewport(bool(narrow.matches)))

    def dispatch(self, message: Message) -> None:
        """Change the state, and show it. What an experiment cannot be is said in words and changes nothing."""
        try:
            state = update(self.state, message)
        except InvalidValue as refusal:
            state = replace(self.state, note=f"{str(refusal)[:1].upper()}{str(refusal)[1:]}.")
        self._show(state)
        if state.running or (state.playback and state.playback.playing):
            self._clock.start()

    def _show(self, state: State) -> None:
        if state is not self.state:
            old, self.state = self.state, state
            for panel in self._panels:
                panel.show(old, state)

    def _send(self, action: str, value: str) -> None:
        kind, _, rest = action.partition(":")
        if kind == "hover":
            self.dispatch(read_chart(self.state, rest.partition(":")[2], value))
        elif kind == "key" and rest == "neuron":
            move_focus(self._document, self.state.experiment.sizes, value)
        elif kind == "key":
            self.dispatch(read_chart_by_key(self.state, rest.partition(":")[2], value))
        else:
            try:
                message = parse(action, value)
            except InvalidValue as refusal:
                self._show(replace(self.state, note=str(refusal)))
            else:
                self.dispatch(message)

    def _tick(self, now_ms: float) -> bool:
        if self.state.running:
            epochs, before = self._pace.epochs, self._clock.now()
            trained = update(self.state, Advance(epochs))
            self._pace.learn(trained.standing.epoch - self.state.standing.epoch, self._clock.now() - before)
            self._show(trained)
        elif self.state.playback and self.state.playback.playing:
            if self._next_beat == 0.0:
                self._next_beat = now_ms + BEAT_MS
            elif now_ms >= self._next_beat:
                self._next_beat = now_ms + BEAT_MS
                self._show(update(self.state, Beat()))
        playing = bool(self.state.playback and self.state.playback.playing)
        if not playing:
            self._next_beat = 0.0
        return self.state.running or playing


def main() -> None:
    """Start the app in the page that loaded it."""
    from perceptorium.page.browser import document, host, proxy, window

    App(document, window, host, proxy)
    host.ready()

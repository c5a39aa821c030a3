"""The app in the browser: one state, the panels that show it, and what sends it messages."""

from __future__ import annotations

import asyncio
import gc
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from perceptorium.engine import InvalidValue
from perceptorium.messages import (
    Advance,
    AdvanceLab,
    AdvancePipeline,
    AdvanceXor,
    Beat,
    HighlightingReady,
    Message,
    OpenLink,
    ReadLine,
    Say,
    Viewport,
)
from perceptorium.page.clock import MOST_EPOCHS, Clock, Pace
from perceptorium.page.commands import Commands
from perceptorium.page.dom import Dom
from perceptorium.page.events import Events
from perceptorium.page.files import fetch_module
from perceptorium.page.linking import Linking
from perceptorium.page.painter import Painter
from perceptorium.page.panel import Panel
from perceptorium.page.store import Store
from perceptorium.page.surroundings import Surroundings
from perceptorium.session import State, default_state, pipeline, playground, update
from perceptorium.session.lab_bench import bench
from perceptorium.session.playground import EPOCHS_A_FRAME
from perceptorium.session.sharing import address_of
from perceptorium.session.training import paused
from perceptorium.session.workspace import workspace
from perceptorium.views.panels import PANELS

NARROW = "(max-width: 899px)"
LAB_BUDGET_MS = 8.0
"""What the lab's experiment may take of a frame of 16.7 ms."""


if TYPE_CHECKING:
    from perceptorium.engine.compiled import Runtime

P = ParamSpec("P")
T = TypeVar("T")


class App:
    """Holds the state and brings every change of it to the page."""

    def __init__(self, document: Any, window: Any, host: Any, proxy: Any) -> None:
        self.state: State = default_state()
        self._good = self.state
        self._failed = False
        self._panels = [
            Panel(parts, Dom(document, root), Painter(host.painter(root)), self.state)
            for parts, root in ((parts, document.getElementById(name)) for name, parts in PANELS.items())
        ]
        self._surroundings = Surroundings(document)
        self._store = Store(window)
        self._pace, self._pipeline_pace = Pace(), Pace()
        self._host = host

        def listener(act: Callable[P, T]) -> Any:
            return proxy(self._guarded(act))

        self._clock = Clock(window, self._tick, listener)
        self._next_beat = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._commands = Commands(document, self._clock.now, self._later)
        Events(document, self._send, self._commands.open_file, listener)
        Linking(document, lambda line: self.dispatch(ReadLine(line)), listener)
        narrow = window.matchMedia(NARROW)
        narrow.addEventListener("change", listener(lambda event: self.dispatch(Viewport(bool(event.matches)))))
        self.dispatch(Viewport(bool(narrow.matches)))
        window.addEventListener("hashchange", listener(lambda _: self._open_link(str(window.location.hash))))
        host.restart = proxy(self._restart)
        self._recall(str(window.location.hash))

    def _recall(self, fragment: str) -> None:
        """Begin with what the address says, else with the last visit's set-up."""
        kept, complaint = self._store.recall()
        if fragment[1:] or kept:
            self._open_link(fragment if fragment[1:] else f"#{kept}")
        if complaint:
            self.dispatch(Say(complaint))

    def _open_link(self, fragment: str) -> None:
        if "=" in fragment:  # else it names a place in the page
            self.dispatch(OpenLink(fragment[1:]))

    def load_highlighting(self) -> None:
        """Fetch what colours Python; the program is there without it, so nobody waits for it."""

        async def loaded() -> Message | None:
            return HighlightingReady() if await fetch_module(getattr(self._host.files, "pygments.zip")) else None

        self._later(loaded())

    def dispatch(self, message: Message) -> None:
        """Change the state, and show it. What an experiment cannot be is said in words and changes nothing."""
        self._attempt(lambda: message)

    def _send(self, action: str, value: str) -> None:
        self._attempt(lambda: self._commands.message(self.state, action, value))

    def _attempt(self, ask: Callable[[], Message | None]) -> None:
        try:
            message = ask()
            state = self.state if message is None else update(self.state, message)
        except InvalidValue as refusal:
            sentence = str(refusal)
            state = replace(self.state, note=f"{sentence[:1].upper()}{sentence[1:]}.")
        self._show(state)
        if state.moving:
            self._clock.start()

    def _later(self, coroutine: Coroutine[Any, Any, Message | None]) -> None:
        async def run() -> None:
            with self._watched():
                message = await coroutine
                if message is not None:
                    self.dispatch(message)

        task = asyncio.ensure_future(run())
        self._tasks.add(task)  # or it could be collected before it is done
        task.add_done_callback(self._tasks.discard)

    def _show(self, state: State) -> None:
        if state is not self.state:
            before, self.state, now_ms = self.state, state, self._clock.now()
            for panel in self._panels:
                panel.show(state, now_ms)
            self._surroundings.show(state)
            if not state.moving or state.experiment is not before.experiment:
                self._store.keep(address_of(state))
            self._good = state

    def _guarded(self, act: Callable[P, T]) -> Callable[P, T | None]:
        """``act`` for the page to call: watched, and not done at all between a failure and the restart."""

        def guarded(*arguments: P.args, **options: P.kwargs) -> T | None:
            if self._failed:
                return None
            with self._watched():
                return act(*arguments, **options)

        return guarded

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Whatever is raised inside is said in words on the page, which then waits for Restart."""
        try:
            yield
        except MemoryError:
            self._failed = True
            self._host.stop("it has no memory left")  # a traceback would need some
            raise
        except Exception as error:
            self._failed = True
            self._host.fail(
                f"The page's own program failed ({type(error).__name__}: {error}). Restart goes back to "
                "the moment before it; the training so far is kept.",
                "".join(traceback.format_exception(error)),
            )
            raise

    def _restart(self) -> None:
        """Show the last state that could be shown, at rest, in panels that are built anew."""
        for kept in (workspace, playground.own, pipeline.own, bench):
            kept.forget()
        state, now_ms = paused(self._good), self._clock.now()
        for panel in self._panels:
            panel.rebuild(state, now_ms)
        self._surroundings.show(state)
        self.state = self._good = state
        self._failed = False

    def _tick(self, now_ms: float) -> bool:
        state = self._run_pipeline(update(self.state, AdvanceXor(EPOCHS_A_FRAME)))
        if state.running:
            state = self._train(state)
        elif state.playback and state.playback.playing:
            state = self._play(state, now_ms)
        self._show(self._experiment(state, now_ms))
        if not (state.playback and state.playback.playing):
            self._next_beat = 0.0
        return self.state.moving

    def _experiment(self, state: State, now_ms: float) -> State:
        """A slice of the lab's experiment, if one runs."""
        end_ms = self._clock.now() + LAB_BUDGET_MS
        while state.lab.running and self._clock.now() < end_ms:
            state = update(state, AdvanceLab(now_ms))
        return state

    def _run_pipeline(self, before: State) -> State:
        """A slice of the pipeline's training loop, if it is under way."""
        if not before.pipeline.running:
            return before
        before_ms = self._clock.now()
        state = update(before, AdvancePipeline(self._pipeline_pace.epochs))
        epochs = state.pipeline.epoch - before.pipeline.epoch
        self._pipeline_pace.learn(epochs, self._clock.now() - before_ms)
        return state

    def _train(self, before: State) -> State:
        epochs = min(self._pace.epochs, before.speed or MOST_EPOCHS)
        before_ms = self._clock.now()
        state = update(before, Advance(epochs))
        self._pace.learn(state.standing.epoch - before.standing.epoch, self._clock.now() - before_ms)
        return state

    def _play(self, state: State, now_ms: float) -> State:
        due = self._next_beat
        if due == 0.0 or now_ms >= due:
            self._next_beat = now_ms + state.beat_ms
        return update(state, Beat()) if due and now_ms >= due else state


def main() -> None:
    """Start the app in the page that loaded it."""
    from perceptorium.page.browser import document, host, javascript, proxy, window

    def runtime() -> Runtime:
        from perceptorium.engine.compiled import BrowserRuntime

        return BrowserRuntime(javascript)

    workspace.compile_with(runtime)
    playground.own.compile_with(runtime)
    pipeline.own.compile_with(runtime)
    bench.compile_with(runtime)
    app = App(document, window, host, proxy)
    gc.freeze()  # what is there now stays, and need not be looked through in the middle of a frame
    host.ready()
    app.load_highlighting()

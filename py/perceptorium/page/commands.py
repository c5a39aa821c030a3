"""What controls do beyond changing the state: reading by pointer and key, measuring, copying, saving."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

from perceptorium import messages as m
from perceptorium.actions import parse
from perceptorium.engine import to_safetensors
from perceptorium.link import write
from perceptorium.page.files import copy, download, page_address
from perceptorium.page.reading import move_focus, move_line, probe_by_key, read_chart, read_chart_by_key
from perceptorium.session import State
from perceptorium.session.coding import source
from perceptorium.session.sharing import file_of, history_csv, link_of
from perceptorium.session.standing import Engine
from perceptorium.session.workspace import workspace
from perceptorium.views.heatmap import inputs_at
from perceptorium.views.pictures import CHOICE, PICTURES


class Commands:
    """Turns an action of the page into a message, doing on the way what only a page can do."""

    def __init__(self, document: Any, clock_ms: Callable[[], float], later: Callable[[Any], None]) -> None:
        """``later`` runs a coroutine that returns a message, and dispatches it."""
        self._document = document
        self._clock_ms = clock_ms
        self._later = later

    def message(self, state: State, action: str, value: str) -> m.Message | None:
        """What the action asks of the state, or None.

        Raises:
            InvalidValue: the value is not what the control takes.
        """
        name, _, rest = action.partition(":")
        command = self._COMMANDS.get(name)
        return parse(action, value) if command is None else command(self, state, rest, value)

    def _hover(self, state: State, what: str, value: str) -> m.Message:
        across, _, down = value.partition(" ")
        if what == "xor":
            return m.ProbeXor(inputs_at(float(across), float(down)) if value else None)
        return read_chart(state, what.partition(":")[2], across)

    def _key(self, state: State, what: str, value: str) -> m.Message | None:
        if what == "neuron":
            move_focus(self._document, state.experiment.sizes, value)
        elif what == "code":
            move_line(self._document, value)
        elif what == "xor":
            return probe_by_key(value)
        elif what.startswith("concept:"):
            return parse(what, value)
        else:
            return read_chart_by_key(state, what.partition(":")[2], value)
        return None

    def _measure(self, state: State, _what: str, _value: str) -> m.Message:
        engines: tuple[Engine, ...] = get_args(Engine)
        rates = (workspace.rate(replace(state, engine=engine), self._clock_ms) for engine in engines)
        return m.Measured(tuple(zip(engines, rates, strict=True)))

    def _copy(self, state: State, _what: str, _value: str) -> None:
        async def copied() -> m.Message:
            return m.Say(await copy(_text(state)))

        self._later(copied())

    def _download(self, state: State, what: str, _value: str) -> m.Message:
        program = state.experiment.program(state.start)
        if what == "history":
            name = f"{program.stem}_history.csv"
            download(name, history_csv(state), "text/csv")
        elif what == "experiment":
            name = f"{program.stem}.json"
            download(name, file_of(state), "application/json")
        elif what == "script":
            name = f"{program.stem}.py"
            download(name, _text(state), "text/x-python")
        elif what == "notebook":
            from perceptorium.torchcode.notebook import notebook

            name = f"{program.stem}.ipynb"
            download(name, notebook(program, state.form), "application/x-ipynb+json")
        else:
            from perceptorium.torchcode.weights import loader

            name = f"{program.stem}.safetensors"
            download(name, to_safetensors(state.model.state_dict()), "application/octet-stream")
            return m.Say(f"Saved {name}. To load it: {'; '.join(loader(name).splitlines())}")
        return m.Say(f"Saved {name}.")

    def _copy_link(self, state: State, _what: str, _value: str) -> None:
        async def copied() -> m.Message:
            return m.Say(await copy(page_address(write(link_of(state)))))

        self._later(copied())

    def _save_lab(self, state: State, what: str, _value: str) -> None:
        from perceptorium.lab.report import to_csv, to_json

        results = state.lab.results
        if what == "csv":
            download(f"{results.plan.name}.csv", to_csv(results), "text/csv")
        else:
            download(f"{results.plan.name}.json", to_json(results), "application/json")

    def _open_failed(self, _state: State, what: str, _value: str) -> m.Message:
        self._document.querySelector('[data-click="train"]').focus()
        self._document.getElementById("simulation").scrollIntoView()
        return m.OpenFailed(int(what))

    def _save_picture(self, _state: State, kind: str, _value: str) -> m.Message | None:
        from perceptorium.page.browser import window
        from perceptorium.page.pictures import to_png, to_svg

        stem = str(self._document.getElementById(CHOICE).value)
        picture = PICTURES[stem]
        figures = self._document.querySelectorAll(picture.selector)
        if figures.length == 0:
            return m.Say(f"{picture.name} is not on the page now.")
        names = [f"perceptorium_{stem}{f'_{k + 1}' if k else ''}.{kind}" for k in range(figures.length)]

        async def saved() -> m.Message:
            for k, name in enumerate(names):
                if kind == "svg":
                    download(name, to_svg(self._document, window, figures.item(k)), "image/svg+xml")
                else:
                    download(name, await to_png(self._document, window, figures.item(k)), "image/png")
            return m.Say(f"Saved {', '.join(names)}.")

        self._later(saved())
        return None

    def open_file(self, file: Any) -> None:
        """Read a file that the user chose, and start from it."""

        async def opened() -> m.Message:
            return m.OpenFile(str(await file.text()))

        self._later(opened())

    _COMMANDS: Mapping[str, Callable[..., m.Message | None]] = {
        "hover": _hover,
        "key": _key,
        "measure": _measure,
        "copy-code": _copy,
        "copy-link": _copy_link,
        "download": _download,
        "lab-save": _save_lab,
        "lab-open": _open_failed,
        "save-picture": _save_picture,
    }


def _text(state: State) -> str:
    """The program on screen, edited or not."""
    return source(state).text if state.edit is None else state.edit.text

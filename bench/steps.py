"""What each step towards a quick start gives: the site as it is, and again without one of them at a time.

`python -m bench.steps`, after `make build`. Each variant is the whole build with one decision taken back.
"""

import argparse
import marshal
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Browser

from bench.load import Loading, loads
from bench.tables import spread, table
from perceptorium.preparation import FILE
from sitebuild import build, bundle, outputs, paths, scripts
from sitebuild.browser import chromium_running
from sitebuild.bundle import Compiler, Library, archive
from sitebuild.modules import Record
from sitebuild.pack import pack, wasm
from sitebuild.runtime_lock import RuntimeLock
from sitebuild.serve import served

COMPLETE = "complete"
WAITED_FOR = {"_compat_pickle", "_ssl"}
Change = Callable[[], AbstractContextManager[Any]]


def edited(part: str, pattern: str, replacement: str = "") -> Change:
    """A change of the text of the page, or of the named file of web/."""

    def change(text: str) -> str:
        after, found = re.subn(pattern, replacement, text)
        if not found:
            raise SystemExit(f"{part} has nothing like {pattern}, so bench/steps.py no longer takes back what it says")
        return after

    if part == "index.html":
        page = build.page
        return lambda: patch.object(build, "page", lambda *args: change(page(*args).decode()).encode())
    web = outputs.web

    def other(folder: Path) -> dict[str, bytes]:
        files = web(folder)
        return {**files, part: change(files[part].decode()).encode()}

    return lambda: patch.object(outputs, "web", other)


def with_docstrings() -> AbstractContextManager[Any]:
    """Every module with its docstrings and assertions."""
    modules = Compiler.modules
    return patch.object(Compiler, "modules", lambda self, files, folder, **_: modules(self, files, folder))


def with_every_module() -> AbstractContextManager[Any]:
    """The whole of Python's library and of NumPy."""
    _, numpy = build.fetch_runtime()
    every = Record(bundle.every_module(paths.NODE_MODULES / "pyodide", numpy), frozenset())
    return patch.object(outputs, "Record", SimpleNamespace(read=lambda: every))


def at_once(change: Change) -> Change:
    """A change without modules that wait: what they would import belongs to the start then."""

    @contextmanager
    def changed() -> Iterator[None]:
        record = Record.read()
        eager = Record(record.start | WAITED_FOR, record.later - WAITED_FOR)
        with patch.object(outputs, "Record", SimpleNamespace(read=lambda: eager)), change():
            yield

    return changed


def from_files(*, bytecode: bool) -> Change:
    """Python's library in a zip, NumPy and the application as files: bytecode, or sources."""

    def packs(
        library: Library,
        application: Mapping[str, bytes],
        prepared: bytes,
        pyscript: Mapping[str, bytes],
        compiler: Compiler,
        lock: RuntimeLock,
    ) -> dict[str, bytes]:
        packages, home = lock.packages, lock.home

        def made(files: Mapping[str, bytes], folder: str) -> Mapping[str, bytes]:
            return compiler(files, folder) if bytecode else files

        def placed(files: Mapping[str, bytes]) -> dict[str, bytes]:
            return {f"{packages}/{path}": data for path, data in made(files, f"/lib/{packages}").items()}

        python = archive(made(library.python, f"/lib/{home}"), zipfile.ZIP_STORED)
        own = {**placed(application), **placed(pyscript), f"{packages}/perceptorium/{FILE}": prepared}
        return {
            "python.pack.wasm": wasm(pack({home: python, **placed(library.numpy)})),
            "perceptorium.pack.wasm": wasm(pack(own)),
        }

    return lambda: patch.object(outputs, "packs", packs)


@contextmanager
def with_pyscripts_sources() -> Iterator[None]:
    """PyScript writes its own Python to files and compiles it in the page."""

    def others(root: Path, package: str) -> dict[str, bytes]:
        return {} if package == "pyscript" else bundle.sources(root, package)

    left_in = SimpleNamespace(findall=scripts.STDLIB.findall, sub=lambda _, text: text)
    with patch.object(outputs, "sources", others), patch.object(scripts, "STDLIB", left_in):
        yield


def without_waiting() -> AbstractContextManager[Any]:
    """Every module runs when it is imported."""

    def eager(root: Path, package: str) -> dict[str, bytes]:
        files = bundle.sources(root, package)
        if package != "perceptorium":
            return files
        path, waits = "perceptorium/page/modules.py", b"module.__class__ = Waiting\n        else"
        if files[path].count(waits) != 1:
            raise SystemExit(f"{path} lets modules wait in another way, so bench/steps.py no longer takes that back")
        return {**files, path: files[path].replace(waits, b"self.run(module)\n        else")}

    return patch.object(outputs, "sources", eager)


VARIANTS: Mapping[str, Change] = {
    "bytecode (sources instead)": at_once(from_files(bytecode=False)),
    "imports from memory (bytecode in a zip and files instead)": at_once(from_files(bytecode=True)),
    "modules of Python's library that wait until they are asked": at_once(without_waiting),
    "the recorded modules only (all of them instead)": with_every_module,
    "bytecode without docstrings": with_docstrings,
    "bytecode of PyScript's own Python": with_pyscripts_sources,
    "methods of dataclasses and first weights from the build": lambda: patch.object(
        outputs, "prepared", lambda *_: marshal.dumps({"methods": {}, "weights": {}})
    ),
    "downloads begun by the first script": edited("index.html", r' data-(boot|files)="[^"]*"'),
    "what is off screen neither laid out nor painted": edited("style.css", r"content-visibility: auto;"),
    "the memory that the browser keeps": edited("index.html", r' data-version="[^"]*"'),
}


@contextmanager
def built() -> Iterator[dict[str, Path]]:
    """The site, complete and without each step, in folders; uncompressed, for a line that costs nothing."""
    with TemporaryDirectory(prefix="steps-") as name, patch.object(build, "siblings", lambda *_: {}):
        folders = {COMPLETE: build.build(Path(name, "complete"))}
        for number, (step, change) in enumerate(VARIANTS.items()):
            with change():
                folders[step] = build.build(Path(name, str(number)))
        yield folders


def measure(browser: Browser, rounds: int) -> dict[str, Loading]:
    """Seconds to ready on localhost of every variant, in turns."""
    with built() as folders, ExitStack() as stack:
        addresses = {step: stack.enter_context(served(folder)) for step, folder in folders.items()}
        return loads(browser, addresses, rounds, None)


def report(found: Mapping[str, Loading]) -> Iterable[str]:
    """Lines of Markdown."""
    yield "What each step gives: the same on localhost, uncompressed, with one step at a time taken back, in turns."
    yield "A warm load begins from the kept memory: what shortens the start from files shows only in the cold ones."
    yield "Without first weights the start imports numpy.random from another archive, and then no memory is kept."
    yield ""
    complete = found[COMPLETE]
    rows = [
        [
            step if step == COMPLETE else f"without {step}",
            spread(times.cold),
            spread(times.warm),
            f"{median(times.cold) / median(complete.cold):.2f}",
            f"{median(times.warm) / median(complete.warm):.2f}",
        ]
        for step, times in found.items()
    ]
    yield table(["", "cold", "warm", "times as long, cold", "times as long, warm"], rows)
    yield ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.steps", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with chromium_running() as browser:
        print("\n".join(report(measure(browser, options.rounds))))


if __name__ == "__main__":
    main()

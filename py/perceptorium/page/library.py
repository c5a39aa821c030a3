"""The parts of Python's library that are not loaded at once: archives, each fetched at the first import that misses.

The page starts with the modules that it needs for that. Those that it was seen to use later are one archive, all others
another; a program that imports one of them waits once.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any


class Library:
    """Finds the modules of an archive, which it fetches and unpacks when the first of them is asked for.

    Args:
        folder: where to unpack.
        names: the modules in the archive, separated by spaces.
        fetch: returns the gzipped archive of `sitebuild.pack`; raises OSError where it cannot be had.
    """

    def __init__(self, folder: Path, names: str, fetch: Callable[[], bytes]) -> None:
        self._folder = folder
        self._names = frozenset(names.split())
        self._fetch = fetch

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, or None when the archive has no such module."""
        del path  # the archive has one root, wherever the package of the module was found
        if fullname not in self._names:
            return None
        if not self._folder.exists():
            try:
                archive = self._fetch()
            except OSError as error:
                raise ImportError(f"{fullname} is in a part of Python's library that did not load: {error}") from error
            unpack(archive, self._folder)
        parents = fullname.split(".")[:-1]
        return PathFinder.find_spec(fullname, [str(self._folder.joinpath(*parents))], target)


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive below a folder, which appears only when they are all there."""
    growing = folder.with_suffix(".part")
    for path, data in entries(archive):
        file = growing / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    growing.rename(folder)


def entries(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a gzipped archive of `sitebuild.pack`, by their paths."""
    data = zlib.decompress(archive, wbits=31)
    (start,) = struct.unpack_from("<I", data)
    at = 4 + start
    for path, size in json.loads(data[4:at]):
        yield path, data[at : at + size]
        at += size


class Sources:
    """The application's text, fetched when a traceback first quotes it.

    Args:
        fetch: returns the archive of the sources; raises OSError where it cannot be had.
    """

    def __init__(self, fetch: Callable[[], bytes]) -> None:
        self._fetch = fetch
        self._texts: dict[str, str] | None = None

    def __call__(self, module: str) -> str | None:
        """The text of a module, or None; without a network a traceback still has its lines' numbers."""
        if self._texts is None:
            try:
                files = entries(self._fetch())
            except OSError:
                return None
            self._texts = {path: data.decode() for path, data in files}
        path = module.replace(".", "/")
        return self._texts.get(f"{path}.py", self._texts.get(f"{path}/__init__.py"))


def install() -> None:
    """Let the imports and the tracebacks of this page find the rest."""
    import js  # perceptorium.page.browser needs a window, which tests of the engine in Pyodide have not
    from pyodide.ffi import JsException

    def read(name: str) -> bytes:
        try:
            return bytes(js.perceptorium.readNow(name).to_bytes())
        except JsException as error:
            raise OSError(str(error)) from error

    def part(name: str, modules: str) -> Library:
        return Library(Path("/lib", name), modules, lambda: read(name))

    sys.meta_path += [part(name, modules) for name, modules in js.perceptorium.library.to_py().items()]
    loader: Any = sys.modules[__name__].__loader__
    if hasattr(loader, "source"):  # of perceptorium.page.modules, under the name that it starts by
        loader.source = Sources(lambda: read("sources.pack"))

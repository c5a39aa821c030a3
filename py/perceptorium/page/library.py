"""The part of Python's library that the page does without: one archive, fetched at the first import that misses.

The page loads only the modules that it was seen to use. A program that imports another one waits once for the rest.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType


class Library:
    """Finds the modules of an archive, which it fetches and unpacks when the first of them is asked for.

    Args:
        folder: where to unpack.
        names: the modules in the archive, separated by spaces.
        fetch: returns the archive as `sitebuild.pack` writes it; raises OSError where it cannot be had.
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
    data = zlib.decompress(archive, wbits=31)
    (start,) = struct.unpack_from("<I", data)
    at = 4 + start
    growing = folder.with_suffix(".part")
    for path, size in json.loads(data[4:at]):
        file = growing / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data[at : at + size])
        at += size
    growing.rename(folder)


def install() -> None:
    """Let the imports of this page find the rest of the library."""
    import js  # perceptorium.page.browser needs a window, and this works in a worker too
    from pyodide.ffi import JsException

    library = js.perceptorium.library

    def fetch() -> bytes:
        try:
            return bytes(library.fetch().to_bytes())
        except JsException as error:
            raise OSError(str(error)) from error

    sys.meta_path.append(Library(Path("/lib/python-rest"), str(library.names), fetch))

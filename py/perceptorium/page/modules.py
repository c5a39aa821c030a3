"""Imports from bytecode that lies in memory: in WebAssembly, to look for a file takes longer than to run most modules.

The build puts this module's own bytecode where Python looks while it starts (sitebuild/bundle.py), so that it serves
nearly everything else: Python's library, NumPy, PyScript's Python and the application. It can itself import only what
is compiled into Python, and `__future__`.
"""

from __future__ import annotations

import marshal
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import ExtensionFileLoader

TYPE_CHECKING = False  # typing's own would have to be imported
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType, ModuleType
    from typing import Any

SUFFIX = ".modules"
NAME = "perceptorium_modules"
"""What this module is called while Python starts, before there are packages."""


class Modules:
    """Finds and loads the modules of archives: both a meta path finder and the loader of what it finds.

    Attributes:
        source: a module's text by its name, or None where there is none; for tracebacks.
    """

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, bytes | memoryview | None]] = {}
        self.source: Callable[[str], str | None] = lambda _: None

    def add(self, archive: bytes) -> None:
        """Serve an archive, as `archived` made it."""
        begin = 4 + int.from_bytes(archive[:4], "little")
        code = memoryview(archive)[begin:]
        index: Mapping[str, tuple[str, int, int]] = marshal.loads(archive[4:begin])
        self._found.update((name, (path, code[start:end])) for name, (path, start, end) in index.items())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's spec, or None when no archive has it."""
        del path, target  # one archive has one module of a name
        if fullname not in self._found:
            return None
        origin, code = self._found[fullname]
        loader: Any = ExtensionFileLoader(fullname, origin) if code == b"" else self
        package = origin.endswith("/__init__.py")
        spec = ModuleSpec(fullname, loader, origin=origin, is_package=package)
        if package:
            spec.submodule_search_locations = [origin.rpartition("/")[0]]
        spec.has_location = True
        spec.cached = origin  # or Python would work out where bytecode could be kept
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, fullname: str) -> CodeType:
        """The module's bytecode."""
        marshalled = self._found[fullname][1]
        if marshalled is None:
            raise ImportError(f"{fullname} was imported when the page started, and cannot be imported anew")
        code: CodeType = marshal.loads(marshalled)
        return code

    def release(self) -> None:
        """Give back the memory of the archives: of what has been imported, the code is not needed again."""
        for name, (path, code) in self._found.items():
            if code:
                self._found[name] = (path, None if name in sys.modules else bytes(code))

    def get_source(self, fullname: str) -> str | None:
        """The module's text, if it can be had."""
        return self.source(fullname)

    def get_filename(self, fullname: str) -> str:
        """The path that tracebacks show."""
        return self._found[fullname][0]

    def is_package(self, fullname: str) -> bool:
        """Whether the module holds others."""
        return self._found[fullname][0].endswith("/__init__.py")


def archived(modules: Mapping[str, tuple[str, bytes]]) -> bytes:
    """An archive of {name: (path, marshalled code)}; an extension module, which lies at its path, has no code.

    The length of the index (4 bytes, little-endian), the index {name: (path, start, end)} by marshal, the code.
    """
    index, at = {}, 0
    for name, (path, code) in modules.items():
        index[name] = (path, at, at + len(code))
        at += len(code)
    table = marshal.dumps(index, 2)  # of what every version of Python reads
    return b"".join((len(table).to_bytes(4, "little"), table, *(code for _, code in modules.values())))


def install(*archives: str) -> None:
    """Serve the archives at these paths, before anything else is asked."""
    modules = Modules()
    for path in archives:
        with open(path, "rb") as file:  # noqa: PTH123 (there is no pathlib yet)
            modules.add(file.read())
    sys.meta_path.insert(0, modules)

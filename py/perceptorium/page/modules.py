"""Imports from bytecode that lies in memory: in WebAssembly, to look for a file takes longer than to run most modules.

The build puts this module's own bytecode where Python looks while it starts (sitebuild/bundle.py), so that it serves
nearly everything else: Python's library, NumPy, PyScript's Python and the application. Of Python's library, it runs a
module only when somebody asks for what is in it. It can itself import only what is compiled into Python, and
`__future__`.
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
else:
    ModuleType = type(sys)

SUFFIX = ".modules"
SET_BY_IMPORT = ("__class__", "__name__", "__package__", "__loader__", "__spec__", "__file__", "__cached__")
NAME = "perceptorium_modules"
"""What this module is called while Python starts, before there are packages."""


class Waiting(ModuleType):
    """An imported module that has not run yet, and will when it is asked for anything but what its import set.

    What PEP 810 brings to Python 3.15. Of what the start imports of Python's library, a sixth is never asked. Under
    ``importlib.util.LazyLoader`` a module runs at its second import already, which asks for its ``__spec__``.
    """

    def __getattribute__(self, name: str) -> Any:
        """The attribute, of the module that has run."""
        if name in SET_BY_IMPORT:
            return object.__getattribute__(self, name)
        Waiting._run(self)
        return getattr(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        """Set it in the module that has run, which would otherwise set it anew."""
        Waiting._run(self)
        setattr(self, name, value)

    def _run(self) -> None:
        object.__setattr__(self, "__class__", ModuleType)
        try:
            loader: Any = self.__loader__
            loader.run(self)
        except BaseException:
            self.__class__ = Waiting
            raise


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
        """Run the module, or let it wait if it is Python's own and no package, which has to have its submodules."""
        package, _, _ = module.__name__.partition(".")
        if package in sys.stdlib_module_names and not self.is_package(module.__name__):
            module.__class__ = Waiting
        else:
            self.run(module)

    def run(self, module: ModuleType) -> None:
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
                done = name in sys.modules and type(sys.modules[name]) is not Waiting
                self._found[name] = (path, None if done else bytes(code))

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

"""Python as the browser gets it: bytecode in archives, of what the page uses at once and of the rest."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from perceptorium.page.modules import NAME, SUFFIX, archived
from perceptorium.preparation import FILE
from sitebuild.bytecode import PYC_HEADER, compiled
from sitebuild.modules import Record, module_name, split
from sitebuild.pack import pack, squeeze, wasm
from sitebuild.runtime_lock import RuntimeLock

# The oldest date that a zip can hold: an archive depends on what is in the files, never on when they were written.
EPOCH = (1980, 1, 1, 0, 0, 0)

# What one import loads, as {path in the archive: file}. A fresh process, because this one has imported more.
_LOADED = """
import importlib, json, pathlib, sys
importlib.import_module(sys.argv[1])
package = sys.argv[1].partition(".")[0]
root = pathlib.Path(sys.modules[package].__file__).parents[1]
files = [pathlib.Path(m.__file__) for n, m in sys.modules.items() if n.partition(".")[0] == package]
print(json.dumps({f.relative_to(root).as_posix(): str(f) for f in files}))
"""


# Python reads its own encodings before anything of ours can serve imports; what comes later is not looked for here.
FIRST = ("__future__.py", "encodings/")
# NumPy's words about what it has in C. Nobody reads them in a page, and to hand them out takes a fiftieth of the start.
UNREAD = ("numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py")
# Pyodide hands on docstrings of its own while it starts.
DOCUMENTED = ("pyodide", "_pyodide")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns sources into bytecode, by Pyodide of one version, and remembers it in the cache."""

    pyodide: Path
    version: str
    cache: Path

    def __call__(self, files: Mapping[str, bytes], folder: str, *, docstrings: bool = True) -> dict[str, bytes]:
        """The files with ``a.pyc`` in the place of each ``a.py``; tracebacks will show them below ``folder``."""
        code = {f"{folder}/{path}": source for path, source in files.items() if path.endswith(".py")}
        done = compiled(code, self.pyodide, self.version, self.cache, docstrings=docstrings)
        names = {path: f"{folder}/{path}" for path in files}
        return {f"{p}c" if names[p] in done else p: done.get(names[p], data) for p, data in files.items()}

    def modules(
        self, files: Mapping[str, bytes], folder: str, *, docstrings: bool = True
    ) -> dict[str, tuple[str, bytes]]:
        """What `perceptorium.page.modules.archived` takes: {module: (its path below ``folder``, its code)}."""
        done = self(files, folder, docstrings=docstrings)
        names = {path: name for path in files if (name := module_name(path)) is not None}
        return {
            name: (f"{folder}/{path}", done[f"{path}c"][PYC_HEADER:] if path.endswith(".py") else b"")
            for path, name in names.items()
        }


@dataclass(frozen=True, slots=True)
class Library:
    """Python's and NumPy's modules, by their paths: what the page loads at once, later, and only if it is asked for."""

    python: Mapping[str, bytes]
    numpy: Mapping[str, bytes]
    later_python: Mapping[str, bytes]
    later_numpy: Mapping[str, bytes]
    rest: Mapping[str, bytes]

    @classmethod
    def read(cls, pyodide: Path, numpy: Path, record: Record) -> "Library":
        """Divide the standard library in the npm package's folder, and NumPy's wheel, by a record of imports."""
        python, later_python, less_python = split(members(pyodide / "python_stdlib.zip"), record)
        array, later_numpy, less_numpy = split(members(numpy), record)
        return cls(python, array, later_python, later_numpy, {**less_python, **less_numpy})


def packs(
    library: Library,
    application: Mapping[str, bytes],
    prepared: bytes,
    pyscript: Mapping[str, bytes],
    compiler: Compiler,
    lock: RuntimeLock,
) -> dict[str, bytes]:
    """The archives of the page's Python, by the names that boot.mjs knows them by.

    Their files are unpacked below /lib. Python meets ``perceptorium.pth`` while it starts, and imports everything after
    that by perceptorium/page/modules.py.

    Args:
        application: the package's sources.
        prepared: what `perceptorium.preparation` reads.
        pyscript: the sources that PyScript would write and compile.
    """
    packages, home = lock.packages, lock.home
    plain = {path: data for path, data in library.python.items() if not path.startswith(DOCUMENTED)}
    documented = {path: data for path, data in library.python.items() if path.startswith(DOCUMENTED)}
    array = {path: b"" if path in UNREAD else data for path, data in library.numpy.items()}
    served = {
        **compiler.modules(plain, f"/lib/{home}", docstrings=False),
        **compiler.modules(documented, f"/lib/{home}"),
        **compiler.modules(array, f"/lib/{packages}"),  # numpy.ma makes its docstrings of the others'
        **compiler.modules(pyscript, "/home/pyodide"),
    }
    own = compiler.modules(application, f"/lib/{packages}")  # a dataclass without one makes up its own, slowly
    first = {path: data for path, data in library.python.items() if path.startswith(FIRST)}
    archives = {name: f"{packages}/{name}{SUFFIX}" for name in ("python", "perceptorium")}
    paths = ", ".join(repr(f"/lib/{path}") for path in archives.values())
    source = application["perceptorium/page/modules.py"]
    (server,) = compiler({f"{NAME}.py": source}, f"/lib/{packages}").values()
    return {
        "python.pack.wasm": wasm(
            pack(
                {
                    home: archive(compiler(first, f"/lib/{home}"), zipfile.ZIP_STORED),
                    f"{packages}/{NAME}.pyc": server,
                    f"{packages}/perceptorium.pth": f"import {NAME}; {NAME}.install({paths})\n".encode(),
                    archives["python"]: archived(served),
                }
            )
        ),
        "perceptorium.pack.wasm": wasm(
            pack({archives["perceptorium"]: archived(own), f"{packages}/perceptorium/{FILE}": prepared})
        ),
    }


def extensions(library: Library) -> dict[str, tuple[str, bytes]]:
    """NumPy's compiled modules of the start: {module's name and ``.wasm``: (its path in the wheel, its code)}.

    They are files of their own: so the browser compiles them while they arrive, and keeps what it has compiled.
    """
    found = {path: data for path, data in library.numpy.items() if not path.endswith(".py")}
    return {f"{module_name(path)}.wasm": (path, data) for path, data in found.items()}


def second(library: Library, compiler: Compiler, lock: RuntimeLock) -> bytes:
    """The archive of the modules that the page imports when they are needed, as bytecode."""
    python = compiler(library.later_python, f"/lib/{lock.home}", docstrings=False)
    numpy = compiler(library.later_numpy, f"/lib/{lock.packages}")
    return squeeze(pack({**python, **numpy}))


def names(*libraries: Mapping[str, bytes]) -> str:
    """The modules of libraries, separated by spaces."""
    return " ".join(sorted(filter(None, (module_name(path) for files in libraries for path in files))))


def every_module(pyodide: Path, numpy: Path) -> frozenset[str]:
    """The modules of Python's library in the npm package's folder, and of NumPy's wheel."""
    files = {*members(pyodide / "python_stdlib.zip"), *members(numpy)}
    return frozenset(filter(None, map(module_name, files)))


def members(path: Path) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in sorted(opened.namelist()) if not name.endswith("/")}


def sources(root: Path, package: str) -> dict[str, bytes]:
    """Every file of a package below the source root, by its path from there."""
    files = sorted((root / package).rglob("*"))
    wanted = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in wanted}


def imported(module: str) -> dict[str, bytes]:
    """The files of an installed module's package that its import loads: found by importing it, never by guess."""
    done = subprocess.run([sys.executable, "-c", _LOADED, module], capture_output=True, check=True)
    files: dict[str, str] = json.loads(done.stdout)
    return {name: Path(path).read_bytes() for name, path in sorted(files.items())}


def archive(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the files, which Python imports from as it is; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression, compresslevel=9) as out:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = compression
            entry.external_attr = 0o644 << 16
            out.writestr(entry, data)
    return buffer.getvalue()

"""Python as the browser gets it: bytecode in archives, of what the page uses at once and of the rest."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild.bytecode import compiled
from sitebuild.modules import module_name, split
from sitebuild.pack import pack, squeeze
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


@dataclass(frozen=True, slots=True)
class Compiler:
    """Turns sources into bytecode, by Pyodide of one version, and remembers it in the cache."""

    pyodide: Path
    version: str
    cache: Path

    def __call__(self, files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
        """The files with ``a.pyc`` in the place of each ``a.py``; tracebacks will show them below ``folder``."""
        code = {f"{folder}/{path}": source for path, source in files.items() if path.endswith(".py")}
        done = compiled(code, self.pyodide, self.version, self.cache)
        names = {path: f"{folder}/{path}" for path in files}
        return {f"{p}c" if names[p] in done else p: done.get(names[p], data) for p, data in files.items()}


@dataclass(frozen=True, slots=True)
class Library:
    """Python's and NumPy's modules, by their paths: what the page loads at once, and what only if it is asked for."""

    python: Mapping[str, bytes]
    numpy: Mapping[str, bytes]
    rest: Mapping[str, bytes]

    @classmethod
    def read(cls, pyodide: Path, numpy: Path, names: Collection[str]) -> "Library":
        """Divide the standard library in the npm package's folder, and NumPy's wheel, by a record of imports."""
        python, less_python = split(members(pyodide / "python_stdlib.zip"), names)
        array, less_array = split(members(numpy), names)
        return cls(python, array, {**less_python, **less_array})


def packs(
    library: Library, application: Mapping[str, bytes], compiler: Compiler, lock: RuntimeLock
) -> dict[str, bytes]:
    """The archives of the page's Python, by the names that boot.mjs knows them by."""
    packages = f"/lib/python{lock.python}/site-packages"
    python = compiler(library.python, f"/lib/python{lock.python.replace('.', '')}.zip")
    own = compiler(application, f"{packages}/perceptorium.zip")
    return {
        "python.pack": squeeze(archive(python, zipfile.ZIP_STORED)),
        "numpy.pack": pack(compiler(library.numpy, packages)),
        # with the sources, which tracebacks quote
        "perceptorium.pack": squeeze(archive({**own, **application}, zipfile.ZIP_STORED)),
    }


def rest(library: Library) -> tuple[bytes, str]:
    """The archive of the modules that the page does without, and their names; sources, which are half the size."""
    names = filter(None, map(module_name, library.rest))
    return pack(library.rest), " ".join(sorted(names))


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

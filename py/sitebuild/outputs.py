"""The one table of what ``dist/`` holds, the page itself apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sitebuild.bundle import archive, imported, sources
from sitebuild.digest import integrity
from sitebuild.runtime_lock import RuntimeLock

PYODIDE = "runtime/pyodide/"
PYSCRIPT = "runtime/pyscript/"
APPLICATION = "perceptorium.zip"
# Colours the code; the page fetches it when everything else is there.
HIGHLIGHTING = "pygments.zip"
PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# What core.js imports; the error plugin comes even when it is switched off. The other chunks belong to plugins that
# the page's configuration switches off, or to configuration in TOML.
PYSCRIPT_FILES = ("core.js", "core-*.js", "error-*.js")


@dataclass(frozen=True, slots=True)
class Output:
    """One file of ``dist/``: its path there, with forward slashes, and its bytes.

    ``runtime`` marks what boot.mjs downloads, counts and can examine.
    """

    path: str
    data: bytes
    runtime: bool = False


def outputs(root: Path, node_modules: Path, numpy: Path, lock: RuntimeLock) -> tuple[Output, ...]:
    """Read everything that goes into ``dist/`` beside ``index.html``."""
    pyodide, pyscript = node_modules / "pyodide", node_modules / "@pyscript" / "core" / "dist"
    chunks = sorted(path for pattern in PYSCRIPT_FILES for path in pyscript.glob(pattern))
    assets = sorted(path for path in (root / "web").rglob("*") if path.is_file() and path.name[0] != ".")
    runtime = (
        *(Output(PYODIDE + name, (pyodide / name).read_bytes(), runtime=True) for name in PYODIDE_FILES),
        Output(PYODIDE + numpy.name, numpy.read_bytes(), runtime=True),
        Output(APPLICATION, archive(sources(root / "py", "perceptorium")), runtime=True),
    )
    return (
        *runtime,
        Output("runtime.mjs", description(runtime, lock)),
        Output(HIGHLIGHTING, archive(imported("pygments.lexers.python"))),
        *(Output(PYSCRIPT + path.name, path.read_bytes()) for path in chunks),
        *(Output(path.relative_to(root / "web").as_posix(), path.read_bytes()) for path in assets),
    )


def description(runtime: Sequence[Output], lock: RuntimeLock) -> bytes:
    """The module from which boot.mjs learns what to load: paths, sizes, hashes and the reduced lock."""
    assets = [{"path": o.path, "bytes": len(o.data), "integrity": integrity(o.data)} for o in runtime]
    names = {
        "version": lock.version,
        "folder": PYODIDE,
        "application": APPLICATION,
        "assets": assets,
        "lock": lock.reduced,
    }
    lines = [f"export const {name} = {json.dumps(value, indent=2)};" for name, value in names.items()]
    return ("// Written by sitebuild/outputs.py.\n" + "\n".join(lines) + "\n").encode()

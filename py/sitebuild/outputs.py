"""The one table of what ``dist/`` holds, the page itself apart."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sitebuild.about import licences
from sitebuild.bundle import Compiler, Library, archive, extensions, imported, names, packs, second, sources
from sitebuild.bytecode import prepared
from sitebuild.digest import integrity, sha256
from sitebuild.errors import BuildError
from sitebuild.icons import icons
from sitebuild.interpreter import interpreter
from sitebuild.modules import Record
from sitebuild.pack import pack, squeeze
from sitebuild.runtime_lock import RuntimeLock
from sitebuild.scripts import pyscript

# What the page asks for when everything else is there: what colours the code, and two parts of Python's library, which
# it was seen to import after the start, and which it was not seen to import.
HIGHLIGHTING = "pygments.zip"
SECOND = "second.pack"
REST = "library.pack"
# The application's text, which only tracebacks quote.
SOURCES = "sources.pack"
# What the page begins with, and what becomes part of it: of two files, the second would come later.
START, AHEAD = "start.js", "ahead.js"
# The service worker, which names all other files, and what unpacks the page as one file.
ASIDE = ("sw.js", "single.js")
# These keep their names, by which browsers and people know them.
PLAIN = ("icon.svg", "icon-192.png", "icon-512.png", "licences.txt", "manifest.webmanifest")


@dataclass(frozen=True, slots=True)
class Output:
    """One file of ``dist/``: the name it goes by, its path there, and its bytes.

    The path holds a hash of the bytes, so that a browser may keep the file for ever; the same name with other bytes is
    another path.
    """

    name: str
    path: str
    data: bytes

    @classmethod
    def hashed(cls, name: str, data: bytes, folder: str = "") -> "Output":
        """``boot.mjs`` becomes ``boot-3f2a91c0de.mjs``."""
        path = PurePosixPath(name)
        return cls(name, f"{folder}{path.stem}-{sha256(data)[:10]}{path.suffix}", data)


@dataclass(frozen=True, slots=True)
class Site:
    """Everything beside the page.

    Attributes:
        runtime: what boot.mjs downloads at once, counts and can examine.
        later: what the page asks for after it is ready, if at all.
        assets: the rest: styles, scripts, icons.
    """

    runtime: tuple[Output, ...]
    later: tuple[Output, ...]
    assets: tuple[Output, ...]

    @property
    def files(self) -> tuple[Output, ...]:
        """All of them."""
        return (*self.runtime, *self.later, *self.assets)

    @property
    def paths(self) -> dict[str, str]:
        """The path of each name."""
        return {output.name: output.path for output in self.files}


def site(root: Path, node_modules: Path, numpy: Path, lock: RuntimeLock, cache: Path) -> Site:
    """Read and make everything that goes into ``dist/`` beside ``index.html``."""
    pyodide = node_modules / "pyodide"
    compiler = Compiler(pyodide, lock.version, cache)
    library = Library.read(pyodide, numpy, Record.read())
    application = sources(root / "py", "perceptorium")
    done = prepared(application, pyodide, numpy, cache)
    pyscript_python = sources(node_modules / "@pyscript" / "core" / "src" / "stdlib", "pyscript")
    python = packs(library, application, done, pyscript_python, compiler, lock)
    compiled = extensions(library)
    runtime = {**interpreter(pyodide), **{name: data for name, (_, data) in compiled.items()}, **python}
    # Sources, where nobody waits for them, are half the size of bytecode.
    others = {SECOND: second(library, compiler, lock), REST: squeeze(pack(library.rest))}
    scripts = web(root / "web")
    start = b"\n".join((scripts[START], scripts.pop(AHEAD)))
    highlighting = archive(compiler(imported("pygments.lexers.python"), f"/tmp/{HIGHLIGHTING}"))
    return assemble(
        runtime,
        {HIGHLIGHTING: highlighting, **others, SOURCES: squeeze(pack(application))},
        {
            **scripts,
            START: start,
            **icons(),
            "licences.txt": licences(node_modules, numpy),
            "pyscript.js": pyscript(node_modules),
        },
        lock,
        {SECOND: names(library.later_python, library.later_numpy), REST: names(library.rest)},
        {name: f"/lib/{lock.packages}/{path}" for name, (path, _) in compiled.items()},
    )


def assemble(
    runtime: Mapping[str, bytes],
    later: Mapping[str, bytes],
    assets: Mapping[str, bytes],
    lock: RuntimeLock,
    library: Mapping[str, str],
    compiled: Mapping[str, str],
) -> Site:
    """Give every file its path, and tell the scripts the paths of what they load.

    Args:
        library: the modules in each archive of ``later`` that has some, separated by spaces.
        compiled: where Python looks for each of NumPy's compiled modules.
    """
    now = tuple(Output.hashed(name, data, "runtime/") for name, data in runtime.items())
    after = tuple(Output.hashed(name, data, "runtime/") for name, data in later.items())
    description = Output.hashed("runtime.mjs", describe(now, after, lock, library, compiled))
    boot = assets["boot.mjs"].decode()
    named_there = [name for name in assets if name.endswith(".mjs") and name != "boot.mjs"]
    for module in (description, *(Output.hashed(name, assets[name]) for name in named_there)):
        if boot.count(f'"./{module.name}"') != 1:
            raise BuildError(f'web/boot.mjs does not import "./{module.name}" once, so it cannot be told its path.')
        boot = boot.replace(f'"./{module.name}"', f'"./{module.path}"')
    named = {**assets, "boot.mjs": boot.encode()}
    others = (Output(n, n, d) if n in PLAIN else Output.hashed(n, d) for n, d in named.items())
    return Site(now, after, (description, *others))


def web(folder: Path) -> dict[str, bytes]:
    """The files of ``web/``, by their names; BuildError when a style sheet names another file, which may move.

    Those that other parts of the build fill are not among them.
    """
    kept = (path for path in folder.rglob("*") if path.is_file() and path.name[0] != "." and path.name not in ASIDE)
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(kept)}
    for name, data in files.items():
        if name.endswith(".css") and re.search(rb"url\((?!['\"]?(data:|#))", data):
            raise BuildError(f"web/{name} refers to a file with url(), and files get other names in dist/.")
    return files


def describe(
    runtime: tuple[Output, ...],
    later: tuple[Output, ...],
    lock: RuntimeLock,
    library: Mapping[str, str],
    compiled: Mapping[str, str],
) -> bytes:
    """The module from which boot.mjs learns what to load: names, paths, sizes, hashes, and a lock of no packages."""
    assets = [{"name": o.name, "path": o.path, "bytes": len(o.data), "integrity": integrity(o.data)} for o in runtime]
    exported = {
        "version": lock.version,
        "assets": assets,
        "later": {output.name: output.path for output in later},
        "library": library,
        "compiled": compiled,
        "lock": lock.reduced,
    }
    lines = [f"export const {name} = {json.dumps(value, indent=2)};" for name, value in exported.items()]
    return ("// Written by sitebuild/outputs.py.\n" + "\n".join(lines) + "\n").encode()

"""Write ``dist/``: all of it or nothing."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from sitebuild import paths
from sitebuild.outputs import Output, outputs
from sitebuild.page import check_references, fill, runtime_tags
from sitebuild.runtime_lock import RuntimeLock
from sitebuild.sources import default_sources
from sitebuild.vendor import obtain


def fetch_runtime() -> tuple[RuntimeLock, Path]:
    """What Pyodide's lock says, and the path of the NumPy wheel it names, fetched if it is not cached."""
    lock = RuntimeLock.read(paths.NODE_MODULES / "pyodide")
    return lock, obtain(lock.numpy, paths.cache(), default_sources(lock.version))


def build(dist: Path = paths.DIST) -> Path:
    """Build the site from the checkout into a folder, which is replaced as a whole."""
    from perceptorium.views.prerender import fragments

    lock, numpy = fetch_runtime()
    template = (paths.ROOT / "index.html").read_text("utf-8")
    files = outputs(paths.ROOT, paths.NODE_MODULES, numpy, lock)
    write(dist, [page(template, fragments(), files), *files])
    return dist


def page(template: str, fragments: Mapping[str, str], files: Sequence[Output]) -> Output:
    """``index.html`` with its panels filled; BuildError when it and the rest of the build do not fit together."""
    filled = fill(template, {**fragments, **runtime_tags()})
    check_references(filled, {output.path for output in files})
    return Output("index.html", filled.encode())


def write(dist: Path, files: Sequence[Output]) -> None:
    """Write a folder beside the final one, then swap: a server that runs meanwhile never finds half a site."""
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{dist.name}-", dir=dist.parent) as folder:
        fresh, old = Path(folder, "new"), Path(folder, "old")
        for output in files:
            path = fresh / output.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(output.data)
        if dist.exists():
            dist.rename(old)
        fresh.rename(dist)

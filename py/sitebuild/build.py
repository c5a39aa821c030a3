"""Write ``dist/``: all of it or nothing."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from sitebuild import paths
from sitebuild.offline import service_worker
from sitebuild.outputs import Site, site
from sitebuild.page import check_references, fill, point, runtime_tags
from sitebuild.runtime_lock import RuntimeLock
from sitebuild.siblings import siblings
from sitebuild.single import NAME, single_file
from sitebuild.sources import default_sources
from sitebuild.vendor import obtain, place


def fetch_runtime() -> tuple[RuntimeLock, Path]:
    """What Pyodide's lock says, and the path of the NumPy wheel it names, fetched if it is not cached."""
    lock = RuntimeLock.read(paths.NODE_MODULES / "pyodide")
    return lock, obtain(lock.numpy, paths.cache(), default_sources(lock.version))


def build(dist: Path = paths.DIST) -> Path:
    """Build the site from the checkout into a folder, which is replaced as a whole."""
    html, files = made()
    others = {output.path: output.data for output in files.files}
    worker = service_worker((paths.ROOT / "web" / "sw.js").read_text("utf-8"), html, others)
    contents = {"index.html": html, "sw.js": worker, **others}
    write(dist, {**contents, **siblings(contents, paths.cache())})
    return dist


def build_single_file(dist: Path = paths.DIST) -> Path:
    """Write the site as one file into the folder, beside the site if it is there."""
    path = dist / NAME
    place(path, single_file(*made()))
    path.chmod(0o644)
    return path


def made() -> tuple[bytes, Site]:
    """The page and everything beside it, of the checkout."""
    from perceptorium.views.markup import render
    from perceptorium.views.prerender import fragments
    from sitebuild.about import section

    lock, numpy = fetch_runtime()
    template = (paths.ROOT / "index.html").read_text("utf-8")
    files = site(paths.ROOT, paths.NODE_MODULES, numpy, lock, paths.cache())
    about = render(section(paths.ROOT, paths.NODE_MODULES, lock))
    return page(template, {**fragments(), "about": about}, files), files


def page(template: str, fragments: Mapping[str, str], files: Site) -> bytes:
    """``index.html`` with its panels filled; BuildError when it and the rest of the build do not fit together."""
    filled = fill(point(template, files.paths), {**fragments, **runtime_tags(files)})
    check_references(filled, set(files.paths.values()))
    return filled.encode()


def write(dist: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder beside the final one, then swap: a server that runs meanwhile never finds half a site."""
    dist.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{dist.name}-", dir=dist.parent) as folder:
        fresh, old = Path(folder, "new"), Path(folder, "old")
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if dist.exists():
            dist.rename(old)
        fresh.rename(dist)

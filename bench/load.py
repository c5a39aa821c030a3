"""Time to ready beside the plain set-up: `python -m bench.load`, after `make build`.

The plain set-up is what PyScript's documentation begins with: a configuration in TOML that asks for NumPy, which
micropip installs, every file as it is shipped, which is what the ratios are to. The floor is what nobody can get below
who uses our archives: Pyodide without PyScript, on an empty page. All have the same server, and are loaded in turns in
one run; the ratio of the medians is what is claimed.

On localhost nothing is compressed, as `make serve` and any simple server do it. Over the slower line our files are, as
good hosts do it, and the plain set-up is served twice: as it is shipped, and with each file compressed as well.

Each is visited in two ways: with a profile on the disk, as most people do, and in a private window, whose cache is
small and in memory, holds no large file and no compiled code.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext

from bench.site import READY
from bench.tables import spread, table
from sitebuild import browser as chromium
from sitebuild import paths
from sitebuild.browser import chromium_running
from sitebuild.build import fetch_runtime
from sitebuild.serve import served
from sitebuild.siblings import siblings

OURS, PLAIN, COMPRESSED, FLOOR = "Perceptorium", "plain PyScript", "plain, compressed", "the floor"
PATIENCE_MS = 120_000
# A visitor stays a while, and the browser finishes and keeps its compiled code.
STAY_MS = 3_000
PAGE = """<!doctype html><html data-app="loading"><title>plain</title>
<script type="module" src="./pyscript/core.js"></script>
<script type="py" config="./pyscript.toml">
import numpy
from js import document
document.documentElement.dataset.app = "ready"
</script>
</html>"""
CONFIGURATION = 'interpreter = "/pyodide/pyodide.mjs"\npackages = ["numpy"]\n'
# What PyScript's way of installing needs beside NumPy, in the versions of Pyodide's lock.
INSTALLERS = ("micropip", "packaging")
# What the browser's developer tools call network conditions: bytes a second, milliseconds.
Conditions = Mapping[str, float] | None
Visit = Callable[[Browser], AbstractContextManager[BrowserContext]]
LINES: Mapping[str, Conditions] = {
    "localhost": None,
    "20 Mbit/s, 40 ms": {"downloadThroughput": 20e6 / 8, "uploadThroughput": 5e6 / 8, "latency": 40},
}
# The moment of ready, by the page's own clock: whoever asks again in every frame would hold up what is measured.
NOTE = f"""
new MutationObserver((_, observer) => {{
  if (!({READY})) return;
  globalThis.readyAt = performance.now();
  observer.disconnect();
}}).observe(document, {{subtree: true, attributeFilter: ["data-app"]}});
"""
POLL_MS = 200
PYTHON_ONLY = """<script type="module">
import { loadPyodide } from "./BOOT";
(await loadPyodide({})).runPython("import numpy, perceptorium.app");
perceptorium.ready();
</script>"""


@dataclass(frozen=True, slots=True)
class Loading:
    """Seconds from navigation to ready, cold (empty cache) and warm, for one page."""

    cold: list[float]
    warm: list[float]

    def ratios(self, other: "Loading") -> tuple[str, str]:
        """The medians to another page's, cold and warm."""
        pairs = ((self.cold, other.cold), (self.warm, other.warm))
        cold, warm = (f"{median(own) / median(theirs):.2f}" for own, theirs in pairs)
        return cold, warm


@contextmanager
def plain_setup() -> Iterator[Path]:
    """A folder with the plain set-up."""
    _, numpy = fetch_runtime()
    with TemporaryDirectory(prefix="plain-") as name:
        folder = Path(name)
        shutil.copytree(paths.NODE_MODULES / "pyodide", folder / "pyodide")
        shutil.copytree(paths.NODE_MODULES / "@pyscript" / "core" / "dist", folder / "pyscript")
        shutil.copy(numpy, folder / "pyodide")
        lock_file = folder / "pyodide" / "pyodide-lock.json"
        lock = json.loads(lock_file.read_text("utf-8"))
        for installer in INSTALLERS:
            # PyPI has the same versions as Pyodide's CDN, packed anew: hence another hash.
            package = lock["packages"][installer]
            options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.14", "-d", str(folder / "pyodide")]
            command = [sys.executable, "-m", "pip", "download", "-q", f"{installer}=={package['version']}", *options]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            (wheel,) = (folder / "pyodide").glob(f"{installer}-*.whl")
            package |= {"file_name": wheel.name, "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}
        lock_file.write_text(json.dumps(lock), "utf-8")
        (folder / "index.html").write_text(PAGE, "utf-8")
        (folder / "pyscript.toml").write_text(CONFIGURATION, "utf-8")
        yield folder


@contextmanager
def compressed(folder: Path) -> Iterator[Path]:
    """A copy of a folder with a compressed sibling of each file."""
    with TemporaryDirectory(prefix="compressed-") as name:
        copy = shutil.copytree(folder, Path(name, "site"))
        files = {path.relative_to(copy).as_posix(): path for path in copy.rglob("*") if path.is_file()}
        for sibling, data in siblings({p: f.read_bytes() for p, f in files.items()}, paths.cache()).items():
            (copy / sibling).write_bytes(data)
        yield copy


@contextmanager
def floor(dist: Path) -> Iterator[Path]:
    """A folder with the built site, whose page has the site's own tags for Python, imports all of it and ends there."""
    page = (dist / "index.html").read_text("utf-8")
    tags = re.findall(r'<script src="\./start-.*?</script>', page)
    (boot,) = re.findall(r'data-boot="\./(boot-\w+\.mjs)"', page)
    with TemporaryDirectory(prefix="floor-") as name:
        folder = Path(name, "dist")
        shutil.copytree(dist, folder, ignore=shutil.ignore_patterns("index.html*"))
        head = '<!doctype html><html data-app="loading"><title>floor</title>'
        (folder / "index.html").write_text("\n".join((head, *tags, PYTHON_ONLY.replace("BOOT", boot))), "utf-8")
        yield folder


def measure(dist: Path, browser: Browser, rounds: int) -> dict[str, dict[str, Loading]]:
    """Seconds to ready of the site, the plain set-up and the floor, over each line and in each kind of window."""
    with ExitStack() as stack:
        plain = stack.enter_context(plain_setup())
        folders = {
            PLAIN: plain,
            COMPRESSED: stack.enter_context(compressed(plain)),
            FLOOR: stack.enter_context(floor(dist)),
            OURS: dist,
        }
        as_they_are, as_hosts_do = (
            {name: stack.enter_context(served(folder, compress=compress)) for name, folder in folders.items()}
            for compress in (False, True)
        )
        del as_they_are[COMPRESSED]
        return {
            f"{line}, {window}": loads(browser, as_hosts_do if conditions else as_they_are, rounds, conditions, visit)
            for window, visit in WINDOWS.items()
            for line, conditions in LINES.items()
        }


def loads(
    browser: Browser, addresses: Mapping[str, str], rounds: int, conditions: Conditions, visit: Visit | None = None
) -> dict[str, Loading]:
    """Seconds to ready of each page, in turns: first with an empty cache, then once more."""
    visit = visit or profile
    found = {name: Loading([], []) for name in addresses}
    for _ in range(rounds):
        for name, address in addresses.items():
            with visit(browser) as context:
                found[name].cold.append(seconds_to_ready(context, address, conditions, STAY_MS))
                found[name].warm.append(seconds_to_ready(context, address, conditions))
    return found


@contextmanager
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A new profile on the disk, as a visitor has one: in others Chromium keeps no compiled code.

    Without service workers: warm means what the browser's own cache does.
    """
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        context = browser.browser_type.launch_persistent_context(
            folder, executable_path=chromium.find(), args=list(chromium.ARGUMENTS), service_workers="block"
        )
        yield context
        context.close()


@contextmanager
def private(browser: Browser) -> Iterator[BrowserContext]:
    """A private window."""
    with browser.new_context(service_workers="block") as context:
        yield context


WINDOWS: Mapping[str, Visit] = {"profile on the disk": profile, "private window": private}


def seconds_to_ready(context: BrowserContext, address: str, conditions: Conditions, stay_ms: float = 0) -> float:
    """Load a page once, by the page's own clock, which begins with the navigation; and stay there for a while."""
    page = context.new_page()
    page.add_init_script(NOTE)
    if conditions is not None:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    page.goto(address, wait_until="commit")
    noted = page.wait_for_function("globalThis.readyAt", polling=POLL_MS, timeout=PATIENCE_MS)
    milliseconds = float(noted.json_value())
    page.wait_for_timeout(stay_ms)
    page.close()
    return milliseconds / 1000


def report(found: Mapping[str, Mapping[str, Loading]]) -> Iterable[str]:
    """Lines of Markdown."""
    yield "Seconds from navigation to ready, median (and middle half). The plain set-up (PyScript, a configuration in"
    yield "TOML, micropip, every file as shipped) imports NumPy and no more; the ratios are to it, and in the last two"
    yield "columns to the same with each file compressed on the server, as ours are there; on localhost nothing is. The"
    yield "floor is Pyodide with our files and what is kept of them, without PyScript, on an empty page. Perceptorium"
    yield "is its whole page with its controls. A private window's cache is small and holds no compiled code."
    yield ""
    rows = []
    for line, pages in found.items():
        for name, times in pages.items():
            ratios = times.ratios(pages[PLAIN])
            fairer = times.ratios(pages[COMPRESSED]) if COMPRESSED in pages else ("–", "–")
            rows.append([line, name, spread(times.cold), spread(times.warm), *ratios, *fairer])
    yield table(
        ["line, window", "page", "cold", "warm", "ratio cold", "ratio warm", "compressed cold", "compressed warm"], rows
    )
    yield ""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with chromium_running() as browser:
        print("\n".join(report(measure(options.dist, browser, options.rounds))))


if __name__ == "__main__":
    main()

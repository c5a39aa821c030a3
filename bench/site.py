"""The built page as a visitor meets it: time to ready, frame times while training, and what is transferred."""

import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Locator, Response

from bench.browser import served
from sitebuild import paths
from sitebuild.build import fetch_runtime
from sitebuild.siblings import siblings

READY = "document.documentElement.dataset.app === 'ready'"
PATIENCE_MS = 120_000
BARE = """<!doctype html><title>bare runtime</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide({ packages: ["numpy"] });
python.runPython("import numpy");
document.documentElement.dataset.app = "ready";
</script>"""

KINDS = {
    "numpy": "NumPy",
    "pyodide": "Pyodide",
    "python": "Python's standard library",
    "library": "Python's standard library",
    "pyscript": "PyScript",
    "pygments": "Pygments",
    "perceptorium": "Perceptorium's Python",
}

COUNT_FRAMES = """
(() => {
  const request = window.requestAnimationFrame.bind(window);
  window.frames_ = {at: [], cost: []};
  window.requestAnimationFrame = (callback) => request((now) => {
    const start = performance.now();
    callback(now);
    window.frames_.cost.push(performance.now() - start);
  });
  const tick = (now) => { window.frames_.at.push(now); request(tick); };
  request(tick);
})()
"""


@dataclass(frozen=True, slots=True)
class Loading:
    """Seconds from navigation to ready, cold (empty cache) and warm, for one page."""

    cold: list[float]
    warm: list[float]


@dataclass(frozen=True, slots=True)
class Frames:
    """While training: milliseconds between frames, and in our callbacks in each of them; and epochs a second."""

    between: list[float]
    ours: list[float]
    rate: float


def loading(browser: Browser, site: str, bare: str, rounds: int) -> dict[str, Loading]:
    """Load the page, and the one at address `bare`, in turns."""
    found = {name: Loading([], []) for name in ("Perceptorium", "bare runtime")}
    for _ in range(rounds):
        for name, address in (("Perceptorium", site), ("bare runtime", bare)):
            context = browser.new_context()
            found[name].cold.append(_seconds_to_ready(context, address))
            found[name].warm.append(_seconds_to_ready(context, address))
            context.close()
    return found


@contextmanager
def bare_runtime() -> Iterator[str]:
    """The address of a page that imports NumPy in Pyodide, both as they are shipped, and does nothing else."""
    _, numpy = fetch_runtime()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path in (paths.NODE_MODULES / "pyodide").iterdir():
            if path.is_file():
                shutil.copy(path, folder)
        shutil.copy(numpy, folder)
        (folder / "index.html").write_text(BARE, "utf-8")
        for sibling, data in siblings({p.name: p.read_bytes() for p in folder.iterdir()}, paths.cache()).items():
            (folder / sibling).write_bytes(data)
        with served(folder) as address:
            yield address


def _seconds_to_ready(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    milliseconds = page.evaluate("performance.now()")
    page.close()
    return float(milliseconds) / 1000


def frames(browser: Browser, site: str, speed: str, seconds: float) -> Frames:
    """Train the largest network on the page at a speed it offers, with settings under which it does not end."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site)
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    network = page.get_by_role("region", name="Network", exact=True)
    _make_largest(network)
    network.get_by_text("More settings").click()
    network.get_by_role("combobox", name="Speed", exact=True).select_option(label=speed)
    network.get_by_text("More settings").click()
    page.evaluate(COUNT_FRAMES)
    network.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_timeout(2000)  # until the kernel is compiled and the pace is found
    page.evaluate("window.frames_.at.length = window.frames_.cost.length = 0")
    before = _epoch(network)
    page.wait_for_timeout(seconds * 1000)
    found, epochs = page.evaluate("window.frames_"), _epoch(network) - before
    page.close()
    between = [later - earlier for earlier, later in zip(found["at"], found["at"][1:], strict=False)]
    return Frames(between, found["cost"], 1000 * epochs / sum(between))


def _epoch(network: Locator) -> int:
    return int(network.get_by_role("status", name="Epoch", exact=True).inner_text())


def _make_largest(network: Locator) -> None:
    network.get_by_role("radio", name="Sigmoid", exact=True).check(force=True)
    for _ in range(2):
        network.get_by_role("button", name="Add layer", exact=True).click()
    for layer in range(1, 5):
        box = network.get_by_role("spinbutton", name=f"Hidden layer {layer} neurons", exact=True)
        box.fill("8")
        box.press("Enter")
    slider = network.get_by_role("slider", name="Learning rate", exact=True)
    slider.focus()
    slider.press("Home")


def transfer(browser: Browser, site: str) -> dict[str, tuple[int, int]]:
    """Bytes of a first visit by kind of file: as stored, and as sent by our server, which compresses."""
    context = browser.new_context()
    page = context.new_page()
    responses: list[Response] = []

    def note(response: Response) -> None:
        responses.append(response)

    page.on("response", note)
    page.goto(site)
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    sizes: dict[str, tuple[int, int]] = {}
    for response in responses:
        if response.url.startswith("http"):
            kind = _kind(response.url.removeprefix(site))
            stored, sent = sizes.get(kind, (0, 0))
            sizes[kind] = stored + len(response.body()), sent + response.request.sizes()["responseBodySize"]
    context.close()
    return sizes


def _kind(path: str) -> str:
    for part, kind in KINDS.items():
        if part in path:
            return kind
    return "page, style and scripts"


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def median(values: list[float]) -> float:
    """The middle value."""
    return statistics.median(values)

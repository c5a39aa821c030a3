"""The built page as a visitor meets it: frame times while training, and what is transferred."""

from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Response

READY = "document.documentElement.dataset.app === 'ready'"
PATIENCE_MS = 120_000
KINDS = {
    "pyodide": "Pyodide",
    "python.pack": "Python's standard library and NumPy",
    "numpy": "Python's standard library and NumPy",
    "library": "the rest of them",
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
class Frames:
    """While training: milliseconds between frames, and in our callbacks in each of them; and epochs a second."""

    between: list[float]
    ours: list[float]
    rate: float


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
            response.finished()  # what is fetched when the page is ready may still be under way
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

"""The built site in a real Chromium. Whatever the page complains about, or asks of another host, fails its test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from sitebuild import paths
from sitebuild.browser import chromium_running
from sitebuild.build import fetch_runtime
from sitebuild.bundle import every_module
from sitebuild.modules import Record
from sitebuild.serve import served

LOCAL = {"127.0.0.1", "localhost", None}  # data: and blob: have no host
# Cold, on two slow cores that others use as well, a boot takes 4 to 10 s; what a ready page does takes far less.
BOOT_MS = 60_000
PATIENCE_MS = 20_000


@dataclass(frozen=True, slots=True)
class Imports:
    """The modules that a page imports until it is ready, and those that any page imported at all."""

    start: set[str]
    ever: set[str]


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[str]:
    """The address of the built site, with its last slash."""
    with served(dist, compress=True) as address:
        yield address


@pytest.fixture
def serve() -> Callable[[Path], AbstractContextManager[str]]:
    """Serves another folder for as long as a block lasts."""
    return served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; it resolves no name but localhost, so nothing can leave this machine."""
    expect.set_options(timeout=PATIENCE_MS)
    with chromium_running("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1") as running:
        yield running


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest, imports: Imports) -> Iterator[BrowserContext]:
    """A fresh profile. Errors in the console fail the test unless it is marked ``page_complains``.

    A parametrized fixture may pass options of ``new_context`` indirectly.
    """
    options = getattr(request, "param", {})
    complaints: list[str] = []
    strangers: list[str] = []
    late: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    with browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options}) as context:
        context.set_default_timeout(BOOT_MS)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda sent: strangers.append(sent.url) if is_strange(sent.url) else None)
        context.on("request", lambda sent: late.append(sent.url) if is_late(sent) else None)
        yield context
        imports.ever.update(*map(imported, context.pages))
    if not request.node.get_closest_marker("imports_more") and not request.config.getoption("--record-imports"):
        assert late == [], "an import missed; `make record` brings py/sitebuild/imports.txt up to date"
    assert strangers == [], "the page asked another host"
    if request.node.get_closest_marker("page_complains") is None:
        assert complaints == [], "the page complained"


def is_late(sent: Request) -> bool:
    """Whether an import fetches the rest of Python's library. The service worker does too, but not in such a hurry."""
    return sent.resource_type == "xhr" and "/library-" in sent.url


# Modules that lie in a file; the others are part of the interpreter.
IMPORTED = """
globalThis.perceptorium?.python?.runPython(`
    import sys
    " ".join(name for name, module in sys.modules.items() if getattr(module, "__file__", None))
`)
"""


def imported(page: Page) -> list[str]:
    """The modules that the Python in a page has imported."""
    return (page.evaluate(IMPORTED) or "").split()


def known_modules() -> frozenset[str]:
    """The modules of Python's library and of NumPy, which the site is made of."""
    _, numpy = fetch_runtime()
    return every_module(paths.NODE_MODULES / "pyodide", numpy)


@pytest.fixture
def start(page: Page, site: str, ready: Callable[[Page], Page]) -> frozenset[str]:
    """The modules that a page has imported when it is ready, and nobody has done anything."""
    note = f"() => globalThis.started = {IMPORTED.strip()}"
    page.add_init_script(f"document.addEventListener('perceptorium-ready', {note})")
    page.goto(site)
    return frozenset(str(ready(page).evaluate("started")).split()) & known_modules()


@pytest.fixture(scope="session")
def imports(request: pytest.FixtureRequest) -> Iterator[Imports]:
    """What the pages of all tests have imported; it becomes the record with ``--record-imports``."""
    found = Imports(set(), set())
    yield found
    if request.config.getoption("--record-imports"):
        known = known_modules()
        Record(frozenset(found.start), frozenset(found.ever & known)).write()


def is_strange(url: str) -> bool:
    """Whether a request leaves this machine."""
    return urlsplit(url).hostname not in LOCAL


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab of 1280×800."""
    return context.new_page()


@pytest.fixture
def ready() -> Callable[[Page], Page]:
    """Waits until the page's Python controls work; fails with the page's own words if they never will."""

    def wait(page: Page) -> Page:
        page.wait_for_selector("html:not([data-app=loading])")
        state = page.locator("html").get_attribute("data-app")
        assert state == "ready", f"{state}: {page.locator('#failure').text_content()}"
        return page

    return wait


@pytest.fixture
def app(page: Page, site: str, ready: Callable[[Page], Page]) -> Page:
    """The site, opened and ready."""
    page.goto(site)
    return ready(page)

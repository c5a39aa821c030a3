"""Loading, and every way it can fail: the page says what is wrong, with the file's name, and what to do."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from sitebuild.modules import Record
from tests.browser.conftest import Imports

# The page's own reports, noted as they happen: [data-app, aria-valuenow, aria-valuetext].
NOTE_STATES = """
globalThis.noted = [];
const note = () => {
    const bar = document.getElementById("loading-bar");
    noted.push([document.documentElement.dataset.app, Number(bar?.ariaValueNow), bar?.ariaValueText]);
};
new MutationObserver(note).observe(document, {subtree: true, attributeFilter: ["data-app", "aria-valuenow"]});
"""
LINE = {"downloadThroughput": 40e6 / 8}
# The browser's own reports, those of the time before the observer included.
DEPRECATIONS = """
new Promise((resolve) => {
  const take = (reports) => resolve(reports.map(({ body }) => body.message));
  new ReportingObserver(take, { types: ["deprecation"], buffered: true }).observe();
  setTimeout(resolve, 500, []);
})
"""


def failure(page: Page) -> str:
    """The words of the failure panel, once there is one."""
    panel = page.get_by_role("alert")
    expect(panel).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-app", "failed")
    expect(page.locator("#loading")).to_be_hidden()
    return panel.inner_text()


def test_loading_counts_up_to_ready(page: Page, site: str, ready: Callable[[Page], Page]) -> None:
    page.add_init_script(NOTE_STATES)
    line = page.context.new_cdp_session(page)  # at 40 Mbit/s the files take a while
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", {"offline": False, "latency": 0, "uploadThroughput": -1} | LINE)
    page.goto(site)
    ready(page)
    noted = page.evaluate("noted")
    assert [state for state, _, _ in noted][-1] == "ready"
    assert {state for state, _, _ in noted[:-1]} <= {"loading", "failed"}  # the file says "failed" until start.js runs
    shares = [share for _, share, text in noted if text]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert any("MB" in text for _, _, text in noted if text)
    expect(page.locator("#loading")).to_be_hidden()
    expect(page.locator("#failure")).to_be_hidden()


def test_nothing_that_starts_the_page_is_deprecated(app: Page) -> None:
    assert app.evaluate(DEPRECATIONS) == []


def test_the_progress_bar_has_its_name_and_the_megabytes(page: Page, site: str) -> None:
    page.route("**/*.wasm", lambda _: None)  # never answered: the page stays at loading
    page.goto(site, wait_until="commit")
    bar = page.get_by_role("progressbar", name="Loading Python")
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^Loading: \d+\.\d of \d+\.\d MB$"))
    expect(page.locator("#loading-stage")).to_have_text(re.compile("MB$"))


@pytest.mark.parametrize("context", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_the_page_says_so(page: Page, site: str) -> None:
    page.goto(site)
    assert page.locator("html").get_attribute("data-app") == "failed"
    expect(page.locator("noscript p")).to_be_visible()  # get_by_text does not look into <noscript>
    assert "needs JavaScript" in page.locator("noscript p").inner_text()
    expect(page.locator("#loading")).to_be_hidden()


@pytest.mark.page_complains
def test_without_webassembly_the_page_says_so(page: Page, site: str) -> None:
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(site)
    assert "This browser has WebAssembly switched off" in failure(page)


@pytest.mark.page_complains
def test_opened_as_a_file_the_page_says_so(page: Page, dist: Path) -> None:
    page.goto((dist / "index.html").as_uri())
    assert "opened as a file" in failure(page)


# Every file that Python cannot start without; the scripts among them are loaded by the browser, not by boot.mjs.
RUNTIME = [
    "pyodide-*.mjs",
    "pyodide.asm-*.mjs",
    "pyodide.asm-*.wasm",
    "numpy._core._multiarray_umath-*.wasm",
    "numpy.linalg._umath_linalg-*.wasm",
    "python.pack-*.wasm",
    "perceptorium.pack-*.wasm",
]
SCRIPTS = ["boot-*.mjs", "runtime-*.mjs", "memory-*.mjs", "diagnosis-*.mjs", "pyscript-*.js"]


def named(path: str, text: str) -> bool:
    """Whether a text names the file that a pattern means."""
    return re.search(re.escape(path).replace(r"\*", r"[\w.-]+"), text) is not None


@pytest.mark.page_complains
@pytest.mark.parametrize("path", RUNTIME + SCRIPTS)
def test_a_missing_file_is_named(page: Page, site: str, path: str) -> None:
    page.route(f"**/{path}", lambda route: route.fulfill(status=404, body="not here"))
    page.goto(site)
    text = failure(page)
    assert named(path, text), text
    assert "404" in text
    assert "Copy the whole" in text


@pytest.mark.page_complains
@pytest.mark.parametrize("path", RUNTIME)
def test_a_damaged_file_is_named(page: Page, site: str, dist: Path, path: str) -> None:
    (original,) = dist.rglob(path)
    damaged = bytearray(original.read_bytes())
    damaged[len(damaged) // 2 : len(damaged) // 2 + 16] = b"\xff" * 16
    kind = {".mjs": "text/javascript", ".wasm": "application/wasm"}.get(original.suffix, "application/zip")
    page.route(f"**/{path}", lambda route: route.fulfill(body=bytes(damaged), content_type=kind))
    page.goto(site)
    text = failure(page)
    assert named(path, text), text
    assert "is damaged" in text


@pytest.mark.page_complains
@pytest.mark.parametrize(("path", "right"), [("*.wasm", "application/wasm"), ("pyodide-*.mjs", "text/javascript")])
def test_a_wrong_type_is_named(page: Page, site: str, path: str, right: str) -> None:
    def mistype(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers=response.headers | {"content-type": "application/octet-stream"})

    page.route(f"**/{path}", mistype)
    page.goto(site)
    text = failure(page)
    assert named(path, text), text
    assert "application/octet-stream" in text
    assert f"Set its type on the server to {right}" in text


@pytest.mark.page_complains
def test_a_server_that_goes_away_is_said(page: Page, site: str) -> None:
    page.route("**/python.pack-*.wasm", lambda route: route.abort())
    page.goto(site)
    text = failure(page)
    assert named("python.pack-*.wasm", text)
    assert "does not answer" in text


def test_a_stall_is_said_and_forgotten_when_it_was_only_slowness(page: Page, site: str) -> None:
    page.clock.install()
    waiting: list[Route] = []
    page.route("**/python.pack-*.wasm", lambda route: waiting.append(route))  # noqa: PLW0108  Playwright cannot mark a built-in
    page.goto(site, wait_until="commit")
    expect(page.locator("#loading-stage")).to_have_text(re.compile("MB$"))
    page.wait_for_function("perceptorium.pending().length === 1")
    page.clock.fast_forward(46_000)
    text = failure(page)
    assert "Nothing has happened for 45 seconds" in text
    assert named("python.pack-*.wasm", text)
    waiting[0].continue_()
    expect(page.locator("html")).to_have_attribute("data-app", "ready")
    expect(page.locator("#failure")).to_be_hidden()


@pytest.mark.page_complains
def test_an_exception_in_the_application_is_said(page: Page, site: str) -> None:
    def break_the_start(route: Route) -> None:
        tag = re.compile('(<script type="py"[^>]*>).*?(?=</script>)')
        text, found = tag.subn(r"\1raise RuntimeError('on purpose')", route.fetch().text())
        assert found == 1
        route.fulfill(body=text, content_type="text/html")

    page.route(site, break_the_start)
    page.goto(site)
    assert "The laboratory did not start. RuntimeError: on purpose" in failure(page)


def test_the_start_imports_what_the_record_says(
    start: frozenset[str], imports: Imports, request: pytest.FixtureRequest
) -> None:
    """What it lacks would hold the start up for another archive; what it has too much is sent for nothing."""
    imports.start.update(start)
    if not request.config.getoption("--record-imports"):
        record = Record.read().start
        assert start - record == set(), "`make record` brings py/sitebuild/imports.txt up to date"
        assert record - start == set(), "`make record` brings py/sitebuild/imports.txt up to date"

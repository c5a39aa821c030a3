"""Python's memory, kept from one visit to the next: used when it fits, and never in the way when it does not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.support import network, press, reading

Ready = Callable[[Page], Page]

KEPT = "localStorage.getItem('perceptorium-memory') !== null"
# web/memory.mjs with an eye on it: a hash of the whole memory but the stack, when it is taken and when it is restored.
HASH = """
function hash(interpreter) {
  const { HEAPU32: words } = interpreter;
  const [[, from], [to]] = parts(interpreter).map((ends) => ends.map((at) => at / 4));
  let sum = 0;
  for (let at = 0; at < words.length; at++) {
    if (words[at] !== 0 && (at < from || at >= to)) sum = (Math.imul(sum, 31) + words[at] + Math.imul(at, 7)) | 0;
  }
  return [sum, words.length];
}
"""
WATCHED = {
    "  const state = {\n": "globalThis.hashed = hash(interpreter);",
    "    return state.objects;": "globalThis.hashed = hash(interpreter);",
}


@pytest.fixture
def requests(page: Page) -> list[str]:
    """The names of the files that the page asks for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url.rpartition("/")[2])

    page.on("request", note)
    return asked


@pytest.fixture
def again(app: Page, requests: list[str], ready: Ready) -> Page:
    """The site on its second visit."""
    app.wait_for_function(KEPT)
    requests.clear()
    app.reload()
    return ready(app)


def archives(requests: list[str]) -> list[str]:
    """Those of the files that hold Python's modules."""
    return [name for name in requests if ".pack" in name]


@pytest.mark.usefixtures("again")
def test_the_second_visit_asks_for_no_python(requests: list[str]) -> None:
    assert archives(requests) == []
    assert any(name.startswith("pyodide.asm-") for name in requests)


@pytest.mark.parametrize("context", [{"service_workers": "block"}], indirect=True)  # it would answer in their place
def test_the_memory_is_what_it_was(page: Page, site: str, ready: Ready) -> None:
    def watch(route: Route) -> None:
        text = route.fetch().text()
        for place, addition in WATCHED.items():
            assert text.count(place) == 1
            text = text.replace(place, addition + place)
        route.fulfill(body=HASH + text, content_type="text/javascript")

    page.route("**/memory-*.mjs", watch)
    page.goto(site)
    ready(page)
    page.wait_for_function(KEPT)
    taken = page.evaluate("hashed")
    page.reload()
    ready(page)
    assert page.evaluate("hashed") == taken


def test_the_second_visit_trains_as_the_first_does(app: Page, ready: Ready) -> None:
    def loss() -> float:
        for _ in range(5):
            press(app, "Step epoch")
        expect(network(app).get_by_role("status", name="Epoch", exact=True)).to_have_text("5")
        return reading(app, "Loss")

    first = loss()
    app.wait_for_function(KEPT)
    app.evaluate("localStorage.removeItem('perceptorium')")
    app.reload()
    ready(app)
    assert loss() == first


@pytest.mark.imports_more
def test_on_the_second_visit_everything_can_be_imported(again: Page) -> None:
    """Compiled modules that are loaded late need the table and the memory to be what they were."""
    result = again.evaluate(
        """perceptorium.python.runPython(`
        import ctypes, numpy, numpy.fft, numpy.ma, numpy.polynomial, numpy.random, sqlite3, unicodedata, zoneinfo
        from encodings import idna
        drawn = numpy.random.default_rng(7).standard_normal(3)
        solved = numpy.linalg.solve(numpy.array([[2.0, 1.0], [1.0, 3.0]]), numpy.array([3.0, 5.0]))
        ["%.6f" % x for x in (*drawn, *solved, numpy.fft.fft([1, 2, 3, 4])[1].imag, numpy.ma.array([1, 2]).mean())]
        `).toJs()"""
    )
    assert result == ["0.001230", "0.298746", "-0.274138", "0.800000", "1.400000", "2.000000", "1.500000"]


def test_what_was_cut_short_is_not_used(app: Page, requests: list[str], ready: Ready) -> None:
    app.wait_for_function(KEPT)
    app.evaluate(
        """async () => {
            const cache = await caches.open("perceptorium-memory");
            const [request] = await cache.keys();
            const whole = await (await cache.match(request)).arrayBuffer();
            await cache.put(request, new Response(whole.slice(0, whole.byteLength - 1)));
        }"""
    )
    requests.clear()
    app.reload()
    ready(app)
    assert len(archives(requests)) == 2
    press(app, "Step epoch")
    expect(network(app).get_by_role("status", name="Epoch", exact=True)).to_have_text("1")
    app.wait_for_function(KEPT)  # anew, for the next visit


def test_what_the_browser_has_cleared_away_is_made_anew(app: Page, requests: list[str], ready: Ready) -> None:
    app.wait_for_function(KEPT)
    app.evaluate("caches.delete('perceptorium-memory')")
    requests.clear()
    app.reload()
    ready(app)
    assert len(archives(requests)) == 2


def test_another_version_begins_from_its_own_files(app: Page, requests: list[str], ready: Ready) -> None:
    app.wait_for_function(KEPT)
    app.evaluate("localStorage.setItem('perceptorium-memory', 'another')")
    requests.clear()
    app.reload()
    ready(app)
    assert len(archives(requests)) == 2


@pytest.mark.page_complains
def test_after_a_failure_nothing_is_kept(again: Page) -> None:
    assert again.evaluate(KEPT)
    again.evaluate("perceptorium.fail('on purpose')")
    assert not again.evaluate(KEPT)


def test_a_browser_that_keeps_nothing_starts_all_the_same(page: Page, site: str, ready: Ready) -> None:
    page.add_init_script("delete globalThis.caches")
    page.goto(site)
    ready(page)
    assert not page.evaluate(KEPT)


def test_python_holds_something_that_cannot_be_kept(page: Page, site: str, ready: Ready) -> None:
    """Whatever else a future version of Python might hold: the page starts, and says why the next visit is slower."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.route(
        "**/memory-*.mjs",
        lambda route: route.fulfill(
            body=route.fetch().text().replace('[document, ["document"]],', ""), content_type="text/javascript"
        ),
    )
    page.goto(site)
    ready(page)
    assert [text for text in said if text.startswith("Python will start from its files: Python holds")]
    assert not page.evaluate(KEPT)

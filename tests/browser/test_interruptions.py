"""What a machine does to a page: memory that is lost or not to be had, and a sleep in the middle of training."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import fill, lab, run
from tests.browser.support import network, press, reading, set_number

# As a browser does when the machine has no more memory to give: to Python, or to what is compiled.
REFUSE_MEMORY = """
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
    const owner = this.buffer === perceptorium.python?._module.HEAPU8.buffer ? "Python" : "compiled";
    if (globalThis.noMoreMemory === owner)
        throw new RangeError("WebAssembly.Memory.grow(): Unable to grow instance memory");
    return grow.call(this, pages);
};"""

LOSE_MEMORY = "perceptorium.python._module.HEAPU8.fill(0)"

FILL = """
taken, size = [], 1 << 24
while size >= 16:
    try:
        taken.append(bytearray(size))
    except MemoryError:
        size >>= 1
"""


def expect_restart(page: Page, words: str, ready: Callable[[Page], Page]) -> None:
    """The page says that Python stopped; Restart loads it anew, with the set-up that it had."""
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert page.locator("html").get_attribute("data-app") == "failed"
    expect(page.get_by_role("button", name="Restart")).to_be_focused()
    with page.expect_navigation():
        page.get_by_role("button", name="Restart").click()
    ready(page)
    expect(network(page).get_by_role("button", name="Hidden 1 neuron 6", exact=True)).to_be_visible()
    press(page, "Step epoch")
    assert reading(page, "Epoch") == 1


def train_without_end(page: Page) -> None:
    """Start a training that stops at no loss."""
    network(page).get_by_text("More settings").click()
    set_number(page, "Stop at loss below", "0")
    press(page, "Train")


def test_python_runs_on_the_pages_own_stack(app: Page) -> None:
    """On another one a tab can die (`sitebuild.interpreter`)."""
    waits = "from pyodide.ffi import can_run_sync; can_run_sync()"
    assert app.evaluate("'Suspending' in WebAssembly"), "this browser has no other stack"
    assert app.evaluate("python => perceptorium.python.runPythonAsync(python)", waits) is False


@pytest.mark.page_complains
def test_memory_that_is_lost_at_rest(app: Page, ready: Callable[[Page], Page]) -> None:
    set_number(app, "Hidden layer 1 neurons", "6")
    app.evaluate(LOSE_MEMORY)
    app.mouse.move(640, 400)
    expect_restart(app, "Python stopped: ", ready)


@pytest.mark.page_complains
def test_memory_that_is_lost_in_training(app: Page, ready: Callable[[Page], Page]) -> None:
    set_number(app, "Hidden layer 1 neurons", "6")
    rate = network(app).get_by_role("slider", name="Learning rate")
    at_first = rate.input_value()
    train_without_end(app)
    rate.press("ArrowRight")
    chosen = rate.input_value()
    assert chosen != at_first
    expect(network(app).get_by_role("button", name="Pause", exact=True)).to_be_visible()
    app.evaluate(LOSE_MEMORY)
    expect_restart(app, "Python stopped: ", ready)
    assert rate.input_value() == chosen, "what was changed while it trained is kept as well"


@pytest.mark.page_complains
def test_memory_that_is_not_to_be_had(page: Page, site: str, ready: Callable[[Page], Page]) -> None:
    page.add_init_script(REFUSE_MEMORY)
    page.goto(site)
    ready(page)
    set_number(page, "Hidden layer 1 neurons", "6")
    press(page, "Step epoch")
    page.evaluate("globalThis.noMoreMemory = 'Python'")
    page.evaluate("python => perceptorium.python.runPython(python)", FILL)
    press(page, "Train")
    expect_restart(page, "Python stopped: it has no memory left.", ready)


@pytest.mark.page_complains
def test_memory_that_compiled_networks_cannot_have(page: Page, site: str, ready: Callable[[Page], Page]) -> None:
    page.add_init_script(REFUSE_MEMORY)
    page.goto(site)
    ready(page)
    for _ in range(3):
        press(page, "Step epoch")
    trained = reading(page, "Epoch"), reading(page, "Loss")
    assert trained[0] == 3
    page.evaluate("globalThis.noMoreMemory = 'compiled'")
    lab(page).get_by_role("button", name="Run experiment").click()
    expect(page.get_by_role("alert").filter(has_text="Unable to grow")).to_be_visible()
    page.evaluate("delete globalThis.noMoreMemory")
    page.get_by_role("button", name="Restart").click()
    assert page.locator("html").get_attribute("data-app") == "ready"
    assert (reading(page, "Epoch"), reading(page, "Loss")) == trained
    press(page, "Step epoch")
    assert reading(page, "Epoch") == 4
    fill(page, "Networks per row", "5")
    run(page)


WATCH = """() => {
    globalThis.seen = []; // at each frame the time and what it shows
    const look = (now) => {
        seen.push([now, Number(document.getElementById("out-epoch").textContent)]);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
SLEEP_S = 3.0
EPOCHS_A_FRAME = 10


def sleep(browser: Browser) -> None:
    """Stop the processes that run pages for a while, as a laptop does when its lid is closed."""
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [process["id"] for process in processes if process["type"] == "renderer"]
    for process in pages:
        os.kill(process, signal.SIGSTOP)
    time.sleep(SLEEP_S)
    for process in pages:
        os.kill(process, signal.SIGCONT)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
def test_sleep_while_everything_runs(app: Page, browser: Browser) -> None:
    app.get_by_role("region", name="XOR playground").get_by_role("button", name="Train", exact=True).click()
    train_without_end(app)
    app.evaluate(WATCH)
    app.wait_for_function("seen.length > 20")
    before = app.evaluate("seen.length")
    sleep(browser)
    app.wait_for_function("before => seen.length > before + 40", arg=before)
    press(app, "Pause")
    seen = app.evaluate("seen")
    steps = [(later - now, after - epoch) for (now, epoch), (later, after) in pairwise(seen)]
    assert max(gap for gap, _ in steps) > 900 * SLEEP_S, "the page did not sleep"
    assert max(epochs for _, epochs in steps) <= EPOCHS_A_FRAME, "it made up for its sleep in one frame"
    assert seen[-1][1] > seen[before][1] > 0, "it goes on after its sleep"
    assert math.isfinite(reading(app, "Loss"))
    assert app.locator("html").get_attribute("data-app") == "ready"

"""A mistake in the page's own Python: said in words, and Restart goes on from the moment before it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.support import network, press, reading, set_number

RAISE = """
def boom(*_, **__):
    raise RuntimeError("boom")
"""


def run(page: Page, python: str) -> None:
    """Run Python in the page, as a user can from the browser's console."""
    page.evaluate("python => perceptorium.python.runPython(python)", python)


def expect_failure(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    assert page.locator("html").get_attribute("data-app") == "failed"
    expect(page.get_by_role("button", name="Restart")).to_be_focused()


@pytest.mark.page_complains
def test_a_mistake_is_said_and_restart_goes_on(app: Page, context: BrowserContext, ready) -> None:  # type: ignore[no-untyped-def]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    for _ in range(3):
        press(app, "Step epoch")
    kept = reading(app, "Loss")

    run(app, f"from perceptorium.session import training{RAISE}\nwell, training.step_epoch = training.step_epoch, boom")
    press(app, "Step epoch")
    expect_failure(app, "RuntimeError: boom")
    app.get_by_role("button", name="Copy details").click()
    expect(app.get_by_role("button", name="Copied")).to_be_visible()
    copied = app.evaluate("navigator.clipboard.readText()")
    assert "Traceback (most recent call last)" in copied
    assert 'raise RuntimeError("boom")' in copied or "RuntimeError: boom" in copied
    run(app, "training.step_epoch = well")
    app.get_by_role("button", name="Restart").click()
    assert app.locator("html").get_attribute("data-app") == "ready"
    expect(app.locator("#failure")).to_be_hidden()
    assert (reading(app, "Epoch"), reading(app, "Loss")) == (3, kept)
    press(app, "Step epoch")
    assert reading(app, "Epoch") == 4

    # In the middle of training, between two panels: the state before is whole, and it is at rest.
    run(app, f"from perceptorium.page.painter import Painter{RAISE}\npaint, Painter.paint = Painter.paint, boom")
    press(app, "Train")
    expect_failure(app, "boom")
    run(app, "Painter.paint = paint")
    app.get_by_role("button", name="Restart").click()
    expect(network(app).get_by_role("button", name="Train", exact=True)).to_be_visible()
    assert reading(app, "Epoch") >= 4
    epoch = reading(app, "Epoch")
    press(app, "Step epoch")
    assert reading(app, "Epoch") == epoch + 1

    # What cannot be restarted is loaded anew, with the set-up that was kept.
    set_number(app, "Hidden layer 1 neurons", "6")
    run(app, f"from perceptorium.page.dom import Dom{RAISE}\nDom.patch = boom")
    press(app, "Add layer")
    expect_failure(app, "boom")
    with app.expect_navigation():
        app.get_by_role("button", name="Restart").click()
    ready(app)
    expect(network(app).get_by_role("button", name="Hidden 1 neuron 6", exact=True)).to_be_visible()

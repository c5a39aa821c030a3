"""A user who does anything, in any order: the page stays whole and its numbers finite, or it says why not."""

from __future__ import annotations

import math
import os
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.actions import random_actions
from tests.browser.support import network, press, reading

ACTIONS = int(os.environ.get("CHAOS_ACTIONS", "150"))
SEED = int(os.environ.get("CHAOS_SEED", "7"))
BETWEEN_LOOKS = 50

HIDE = """hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    Object.defineProperty(document, "visibilityState", {value: hidden ? "hidden" : "visible", configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def expect_whole(page: Page, when: str) -> None:
    """The page works, and what it shows is a number, or it says that training stopped."""
    state = page.locator("html").get_attribute("data-app")
    assert state == "ready", f"{when}: {page.locator('#failure').text_content()}"
    for name in ("Epoch", "Loss", "Accuracy"):
        assert math.isfinite(reading(page, name)), f"{when}: {name}"
    broken = page.locator("main svg").evaluate_all(
        """figures => figures.map(figure => figure.outerHTML.replace(/data:[^"]*/g, ""))
            .map(text => text.match(/.{0,80}(NaN|Infinity).{0,40}/)?.[0]).filter(Boolean)"""
    )
    assert broken == [], f"{when}: a figure with numbers that are none"


@pytest.mark.imports_more
def test_anything_in_any_order(app: Page) -> None:
    for done in range(0, ACTIONS, BETWEEN_LOOKS):
        random_actions(app, SEED + done, BETWEEN_LOOKS)
        expect_whole(app, f"seed {SEED}, after {done + BETWEEN_LOOKS} actions")


@pytest.mark.imports_more
def test_impatience_resizing_hiding_and_a_second_tab(
    app: Page, context: BrowserContext, site: str, ready: Callable[[Page], Page]
) -> None:
    network(app).get_by_role("button", name="Train", exact=True).dblclick()
    expect(network(app).get_by_role("button", name="Train", exact=True)).to_be_visible()
    press(app, "Reset")
    press(app, "Train")
    for width in (1280, 700, 360, 1280):
        app.set_viewport_size({"width": width, "height": 800})
        app.evaluate("new Promise(requestAnimationFrame)")
    expect(network(app).get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()
    assert reading(app, "Accuracy") == 100
    trained = reading(app, "Epoch"), reading(app, "Loss")

    app.evaluate(HIDE, True)
    press(app, "Reset")
    press(app, "Train")
    app.evaluate(HIDE, False)
    expect(network(app).get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()
    assert (reading(app, "Epoch"), reading(app, "Loss")) == trained, "the same weights learn in the same way"

    second = context.new_page()
    second.goto(f"{site}#hidden=3")
    ready(second)
    press(second, "Step epoch")
    press(app, "Step epoch")
    assert reading(second, "Epoch") == 1
    assert reading(app, "Epoch") == trained[0] + 1
    expect_whole(app, "beside a second tab")
    expect_whole(second, "the second tab")

"""axe-core finds nothing on the page, in any section, theme, size or state; and the main job needs no mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sitebuild.paths import NODE_MODULES
from tests.browser.support import inspector, network, press, reading

AXE = NODE_MODULES / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """Every violation, best practices included, with the first element that has it."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate("axe.run(document)")
    assert len(result["passes"]) > 30
    return [f"{found['id']}: {found['help']}: {found['nodes'][0]['html'][:200]}" for found in result["violations"]]


@pytest.mark.parametrize(
    "context",
    [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}],
    indirect=True,
    ids=["light, wide", "dark, phone"],
)
def test_axe_finds_nothing(app: Page) -> None:
    assert violations(app) == []
    network(app).get_by_role("button", name="Hidden 1 neuron 1", exact=True).click()
    network(app).get_by_text("More settings").click()
    app.get_by_text("Share", exact=True).click()
    assert violations(app) == []
    app.get_by_text("Share", exact=True).click()
    network(app).get_by_label("Speed").select_option("1")
    network(app).get_by_text("More settings").click()
    press(app, "Train")
    assert violations(app) == []
    press(app, "Pause")
    press(app, "Step line")
    press(app, "Edit")
    network(app).get_by_role("textbox", name="Edit the program").fill("import os")
    expect(network(app).get_by_role("alert")).to_be_visible()
    assert violations(app) == []


def test_the_main_job_by_keyboard_alone(app: Page) -> None:
    def tab_to(name: str) -> None:
        for _ in range(80):
            app.keyboard.press("Tab")
            here = app.evaluate(
                "[document.activeElement.getAttribute('aria-label'), document.activeElement.textContent.trim()]"
            )
            if name in here:
                return
        raise AssertionError(f"Tab never reaches {name}")

    app.keyboard.press("Tab")
    assert app.evaluate("document.activeElement.textContent") == "Skip to the network"
    app.keyboard.press("Enter")
    tab_to("Hidden layer 1 neurons")
    app.keyboard.press("ArrowUp")
    expect(network(app).get_by_role("button", name="Hidden 1 neuron 5", exact=True)).to_be_visible()
    tab_to("Train")
    app.keyboard.press("Enter")
    expect(network(app).get_by_role("button", name="Pause", exact=True)).to_be_focused()
    app.keyboard.press("Enter")
    expect(network(app).get_by_role("button", name="Train", exact=True)).to_be_visible()
    tab_to("Step line")
    app.keyboard.press("Space")
    expect(network(app).locator(".caption")).to_contain_text("zero_grad")
    tab_to("Input 1")
    app.keyboard.press("ArrowRight")
    app.keyboard.press("ArrowDown")
    app.keyboard.press("Enter")
    expect(inspector(app)).to_contain_text("Hidden 1 neuron 2")
    assert reading(app, "Epoch") > 0

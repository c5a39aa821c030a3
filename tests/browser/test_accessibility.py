"""axe-core finds nothing on the page, in any section, theme, size or state; and the main job needs no mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sitebuild.paths import NODE_MODULES
from tests.browser.support import inspector, network, press, reading

AXE = NODE_MODULES / "axe-core" / "axe.min.js"
# All but the contrast of AAA, which a page that codes by colour cannot have.
EVERYTHING = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa"),
            *("best-practice", "experimental"),
        ],
    },
    "rules": {"color-contrast-enhanced": {"enabled": False}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
LOOKS = {"runOnly": ["color-contrast", "target-size"], "resultTypes": ["violations"]}
"""What a theme changes."""
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
HOLD_THE_CLOCK = """
const ask = window.requestAnimationFrame.bind(window), held = [];
window.requestAnimationFrame = draw => held.push(draw);
window.letGo = () => { window.requestAnimationFrame = ask; held.forEach(ask); };
null;
"""


def violations(page: Page, where: str) -> list[str]:
    """Every violation in both themes and sizes, with the elements that have it. The window is wide afterwards."""
    page.evaluate("axe => globalThis.axe || eval(axe)", AXE.read_text())
    found = []
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme, options in (("light", EVERYTHING), ("dark", LOOKS)):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
            result: dict[str, Any] = page.evaluate("([where, options]) => axe.run(where, options)", [where, options])
            assert result["passes"], f"axe looked at nothing in {where}"
            found += [
                f"{theme}, {size['width']} px: {rule['id']}: {rule['help']}: {[n['html'][:160] for n in rule['nodes']]}"
                for rule in result["violations"]
            ]
    return found


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_axe_in_the_workbench(app: Page) -> None:
    assert violations(app, "html") == []
    app.evaluate("location.hash = 'stop_below=0'")
    network(app).get_by_role("button", name="Hidden 1 neuron 1", exact=True).click()
    app.get_by_text("Share", exact=True).click()
    assert violations(app, ".masthead") == []
    network(app).get_by_text("More settings").press("Enter")
    network(app).get_by_label("Speed").select_option("1")
    assert violations(app, "#simulation") == []
    app.keyboard.press("Escape")
    press(app, "Train")
    assert violations(app, "#simulation") == []
    expect(network(app).get_by_role("button", name="Pause", exact=True)).to_be_visible()
    press(app, "Pause")
    press(app, "Keep this run")
    network(app).get_by_role("img", name="Loss", exact=True).focus()
    app.keyboard.press("Home")
    weight = network(app).get_by_role("button", name="Weight from Input 1 to Hidden 1 neuron 4", exact=True)
    weight.focus()
    weight.press("Enter")
    press(app, "Nudge up")
    press(app, "Step line")
    assert violations(app, "#simulation") == []
    press(app, "Edit")
    network(app).get_by_role("textbox", name="Edit the program").fill("import os")
    expect(network(app).get_by_role("alert")).to_be_visible()
    assert violations(app, "#simulation") == []
    app.evaluate("location.hash = 'hidden=3&learning_rate=0.3&seed=1&stop_below=0&lock=activation,hidden,seed'")
    network(app).get_by_role("combobox", name="Row").select_option("all")
    network(app).get_by_text("More settings").click()
    network(app).get_by_label("Speed").select_option("fit")
    app.keyboard.press("Escape")
    press(app, "Train")
    expect(network(app).get_by_role("region", name="Diagnosis").get_by_role("button")).to_be_visible()
    press(app, "Pause")
    network(app).get_by_role("button", name="Output 1", exact=True).click()
    assert violations(app, "#simulation") == []


def test_axe_in_the_other_sections(app: Page) -> None:
    xor, pipeline = section(app, "XOR playground"), section(app, "Training pipeline")
    lab = section(app, "Convergence lab")

    xor.get_by_label("Hidden neurons").select_option("3")  # never learns with these weights, so it never stops
    xor.get_by_role("button", name="Train", exact=True).click()
    expect(section(app, "XOR diagnosis")).to_be_visible()
    set_number_in(lab, "Networks per row", "1000")
    lab.get_by_role("button", name="Run experiment").click()
    expect(lab.get_by_role("button", name="Show me one that failed: 2 ReLU")).to_be_visible()
    app.evaluate(HOLD_THE_CLOCK)  # 100,000 epochs of the pipeline would be over before axe is
    pipeline.get_by_role("button", name="Run all").click()
    expect(pipeline.get_by_text("Training:")).to_be_visible()
    assert violations(app, "main") == [], "while everything runs"
    app.evaluate("letGo()")
    xor.get_by_role("button", name="Pause", exact=True).click()
    lab.get_by_role("button", name="Cancel").click()

    app.evaluate("location.hash = 'epochs=200'")
    pipeline.get_by_role("button", name="Run all").click()
    xor.get_by_label("Hidden neurons").select_option("4")
    xor.get_by_role("button", name="Train", exact=True).click()
    xor.get_by_role("img", name="Decision boundary").press("ArrowUp")
    run_lab(lab, "Table 3")
    tensors = section(app, "Tensors")
    set_number_in(tensors, "B rows", "2")
    set_number_in(tensors, "A rows", "9")
    section(app, "Activation functions").get_by_role("radio", name="ReLU").check(force=True)
    section(app, "Backpropagation").get_by_role("button", name="Previous node").click()
    section(app, "Optimizers").get_by_role("combobox", name="Surface").select_option("valleys")
    section(app, "Loss functions").get_by_role("radio", name="1", exact=True).check(force=True)
    app.evaluate("for (const details of document.querySelectorAll('#about details')) details.open = true")
    expect(xor.get_by_text("4 of 4 points on the right side")).to_be_visible()
    expect(pipeline.get_by_text("5 of 5 steps are done")).to_be_visible()
    assert violations(app, "main") == [], "when everything is done"

    xor.get_by_label("Hidden neurons").select_option("0")
    assert violations(app, "#xor") == []
    pipeline.get_by_role("button", name="Start over").click()
    pipeline.get_by_role("button", name="Run step 4").click()
    assert violations(app, "#pipeline") == []
    for name in ("Learning rate", "Depth and activation"):
        run_lab(lab, name)
        assert violations(app, "#lab") == []


@pytest.mark.page_complains
def test_axe_when_the_page_has_failed(app: Page) -> None:
    app.evaluate("perceptorium.python.runPython('import perceptorium.session.training as t; t.step_epoch = None')")
    press(app, "Step epoch")
    expect(app.get_by_role("button", name="Restart")).to_be_focused()
    app.get_by_text("Details", exact=True).click()
    assert violations(app, "html") == []


def run_lab(lab: Locator, name: str) -> None:
    lab.get_by_role("radio", name=name).check(force=True)
    set_number_in(lab, "Networks per row", "20")
    lab.get_by_role("button", name="Run experiment").click()
    expect(lab.get_by_text("Done.")).to_be_visible()


def set_number_in(where: Locator, name: str, value: str) -> None:
    field = where.get_by_role("spinbutton", name=name, exact=True)
    field.fill(value)
    field.press("Enter")


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
    expect(network(app).get_by_role("status", name="Epoch", exact=True)).not_to_have_text("0")
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

"""The program in a real browser: copied, linked, explained, edited, saved; and the engine's switch."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from perceptorium.engine import from_safetensors
from perceptorium.experiment import Experiment
from perceptorium.torchcode import generate
from tests.browser.support import choose, code, network, press, set_number

LIT = "[data-pointed]"


@pytest.mark.parametrize("context", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_copy_highlight_links_and_meanings(app: Page) -> None:
    text = generate(Experiment().program()).text
    program = code(app).get_by_label("Program")
    assert program.text_content() == text
    expect(program.locator(".py-keyword").first).to_be_visible()
    press(app, "Copy code")
    expect(network(app).get_by_text("Copied")).to_be_visible()
    assert app.evaluate("navigator.clipboard.readText()") == text

    code(app).get_by_text("self.fc2 = nn.Linear(4, 4)").hover()
    expect(network(app).locator(f"g.edges{LIT}")).to_have_attribute("data-layer", "2")
    expect(code(app)).to_contain_text("Layer 2 connects 4 inputs to 4 outputs")
    code(app).get_by_text("lr=0.1,").hover()
    expect(network(app).locator(f"label{LIT}")).to_contain_text("Learning rate")

    line = code(app).locator("[data-line]").nth(7)
    line.focus()
    app.keyboard.press("ArrowDown")
    expect(network(app).locator(f"g.edges{LIT}")).to_have_attribute("data-layer", "2")
    expect(code(app)).to_contain_text("fc2.weight: (4, 4)")

    network(app).get_by_role("button", name="Hidden 2 neuron 1", exact=True).hover()
    lit = code(app).locator(f"[data-line]{LIT}")
    expect(lit.filter(has_text="self.relu(self.fc2(x))")).to_be_visible()
    expect(lit.filter(has_text="self.fc1 = ")).to_have_count(0)
    network(app).get_by_role("slider", name="Learning rate").hover()
    expect(code(app).locator(f"[data-line]{LIT}")).to_contain_text("lr=0.1")


def test_copying_needs_neither_https_nor_localhost(page: Page, site: str, ready: Callable[[Page], Page]) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(site)
    app = ready(page)
    press(app, "Copy code")
    expect(network(app).get_by_text("Copied")).to_be_visible()
    expect(network(app).get_by_role("button", name="Copy code", exact=True)).to_be_focused()
    press(app, "Edit")
    editor = network(app).get_by_role("textbox", name="Edit the program")
    editor.fill("")
    editor.press("ControlOrMeta+V")
    expect(editor).to_have_value(generate(Experiment().program()).text)


def test_an_edit_is_followed_or_named_and_never_lost(app: Page) -> None:
    press(app, "Edit")
    text = code(app).get_by_role("textbox", name="Edit the program")
    program = text.input_value()
    text.fill(program.replace("nn.Linear(4, 4)", "nn.Linear(4, 6)").replace("lr=0.1", "lr=0.25"))
    expect(network(app).get_by_role("button", name="Hidden 2 neuron 6", exact=True)).to_be_visible()
    expect(network(app).get_by_role("slider", name="Learning rate")).to_have_value("0.25")
    wrong = program.replace("nn.Linear(4, 4)", "nn.Linear(3, 4)")
    text.fill(wrong)
    expect(code(app).get_by_role("alert")).to_contain_text("line 9: nn.Linear(3, 4) does not fit the 4 outputs of fc1")
    text.fill("while True: pass")
    expect(code(app).get_by_role("alert")).to_contain_text("line 1")
    assert text.input_value() == "while True: pass"
    expect(network(app).get_by_role("button", name="Hidden 2 neuron 6", exact=True)).to_be_visible()
    press(app, "Back to generated code")
    expect(code(app).get_by_label("Program")).to_contain_text("self.fc2 = nn.Linear(4, 6)")


def test_downloads_are_the_programs_and_the_weights_on_screen(app: Page, tmp_path: Path) -> None:
    choose(app, "Exact")
    set_number(app, "Hidden layer 1 neurons", "3")
    experiment = Experiment(hidden=(3, 4))

    def saved(button: str) -> Path:
        with app.expect_download() as download:
            press(app, button)
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    script = saved("Download script")
    assert script.name == "xor_2_3_4_1.py"
    assert script.read_text() == generate(experiment.program(), "exact").text
    cells = json.loads(saved("Download notebook").read_text())["cells"]
    assert any("nn.Linear(3, 4)" in "".join(cell["source"]) for cell in cells)
    weights = from_safetensors(saved("Download weights").read_bytes())
    assert {name: value.tolist() for name, value in weights.items()} == {
        name: value.tolist() for name, value in experiment.model().state_dict().items()
    }
    expect(network(app).get_by_text("load_file")).to_be_visible()


def test_both_engines_train_alike_and_are_measured(app: Page) -> None:
    losses = []
    for engine in ("NumPy", "compiled"):
        network(app).get_by_text("More settings").click()
        choose(app, engine)
        network(app).get_by_label("Speed").select_option("100")
        network(app).get_by_text("More settings").click()
        press(app, "Reset")
        press(app, "Train")
        expect(network(app).get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()
        losses.append(network(app).get_by_role("status", name="Loss", exact=True).inner_text())
    assert losses[0] == losses[1]
    network(app).get_by_text("More settings").click()
    press(app, "Measure both")
    measured = network(app).get_by_text("epochs/s")
    expect(measured).to_be_visible()
    numpy, compiled = (
        float(part.split(":")[1].replace("epochs/s", "").replace(",", "")) for part in measured.inner_text().split(";")
    )
    assert compiled > 5 * numpy

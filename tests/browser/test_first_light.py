"""The main job in a real browser, found by role and accessible name."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from perceptorium.experiment import Experiment
from tests.browser.support import choose, network, press, reading


def test_the_defaults_learn_xor(app: Page) -> None:
    expect(app.get_by_role("progressbar", name="Loading Python")).to_be_hidden()
    assert (reading(app, "Epoch"), reading(app, "Accuracy")) == (0, 75)
    first = reading(app, "Loss")
    press(app, "Train")
    expect(network(app).get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(network(app).get_by_role("button", name="Train", exact=True)).to_be_visible()
    assert reading(app, "Loss") < 0.01 < first
    assert reading(app, "Accuracy") == 100
    assert 0 < reading(app, "Epoch") <= 1500
    expect(network(app).get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()


def test_the_page_computes_what_the_engine_computes(app: Page) -> None:
    for _ in range(3):
        press(app, "Step epoch")
    trainer = Experiment().trainer()
    trainer.run(3)
    assert reading(app, "Epoch") == 3
    assert reading(app, "Loss") == round(float(trainer.loss), 8)


def test_architecture_activation_and_rate(app: Page) -> None:
    first = network(app).get_by_role("spinbutton", name="Hidden layer 1 neurons")
    first.fill("6")
    first.press("Enter")
    expect(network(app).get_by_role("button", name="Hidden 1 neuron 6", exact=True)).to_be_visible()
    press(app, "Add layer")
    expect(network(app).get_by_role("spinbutton", name="Hidden layer 3 neurons")).to_have_value("4")
    press(app, "Add layer")
    expect(network(app).get_by_role("button", name="Add layer")).to_be_disabled()
    for _ in range(4):
        press(app, "Remove layer")
    expect(network(app).get_by_role("button", name="Remove layer")).to_be_disabled()
    expect(network(app).get_by_role("button", name="neuron")).to_have_count(0)
    code = app.get_by_role("region", name="PyTorch code")
    expect(code).to_contain_text("self.fc1 = nn.Linear(2, 1)")

    press(app, "Step epoch")
    choose(app, "Tanh")
    network(app).get_by_role("slider", name="Learning rate").fill("0.3")
    expect(code).to_contain_text("lr=0.3")
    assert reading(app, "Epoch") == 1, "neither activation nor rate starts anew"


def test_what_is_not_allowed_is_said_and_not_kept(app: Page) -> None:
    first = network(app).get_by_role("spinbutton", name="Hidden layer 1 neurons")
    first.fill("9")
    first.press("Enter")
    expect(
        network(app).get_by_text("hidden[0] is 9", exact=False).or_(app.get_by_text("Hidden[0] is 9"))
    ).to_be_visible()
    expect(first).to_have_value("4")
    assert reading(app, "Epoch") == 0


def test_reset_and_new_weights(app: Page) -> None:
    at_start = reading(app, "Loss")
    press(app, "Train")
    press(app, "Pause")
    assert reading(app, "Epoch") > 0
    press(app, "Reset")
    assert (reading(app, "Epoch"), reading(app, "Loss")) == (0, at_start)
    press(app, "New weights")
    assert reading(app, "Epoch") == 0
    assert reading(app, "Loss") != at_start


def test_charts_are_read_by_key_and_by_pointer(app: Page) -> None:
    for _ in range(4):
        press(app, "Step epoch")
    chart = network(app).get_by_role("img", name="Loss", exact=True)
    chart.focus()
    app.keyboard.press("Home")
    figure = network(app).locator("figure", has=app.get_by_role("img", name="Loss", exact=True))
    expect(figure).to_contain_text("Epoch 0: loss")
    app.keyboard.press("ArrowRight")
    expect(figure).to_contain_text("Epoch 1: loss")
    chart.hover(position={"x": 5, "y": 40})
    expect(figure).to_contain_text("Epoch 0: loss")


@pytest.mark.parametrize("context", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_a_phone_shows_everything_without_scrolling_sideways(app: Page) -> None:
    assert app.evaluate("document.documentElement.scrollWidth") <= 360
    for _ in range(2):
        press(app, "Add layer")
    for layer in range(1, 5):
        neurons = network(app).get_by_role("spinbutton", name=f"Hidden layer {layer} neurons")
        neurons.fill("8")
        neurons.press("Enter")
    expect(network(app).get_by_role("button", name="Hidden 4 neuron 8", exact=True)).to_be_visible()
    assert app.evaluate("document.documentElement.scrollWidth") <= 360
    size = app.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.value')).fontSize) * "
        "document.querySelector('.network').getBoundingClientRect().width / 360"
    )
    assert size >= 9

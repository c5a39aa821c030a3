"""Every number of a training step, by mouse and by keyboard, in a real browser."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from perceptorium import messages as m
from perceptorium.experiment import Experiment
from perceptorium.selection import Neuron, Weight
from perceptorium.session import initial_state, snapshot, update
from perceptorium.views.inspector import inspector as inspector_view
from perceptorium.views.markup import text_content
from tests.browser.support import choose, code, inspector, network, press, reading, set_number


def shown_formulas(page: Page) -> str:
    return " ".join(inspector(page).locator(".formula").all_inner_texts())


def test_a_neuron_by_mouse_and_a_weight_by_keyboard(app: Page) -> None:
    press(app, "Step epoch")
    network(app).get_by_role("button", name="Hidden 1 neuron 3", exact=True).click()
    expect(inspector(app)).to_contain_text("F.relu(fc1(x))[2]")
    state = update(update(initial_state(), m.StepEpoch()), m.Select(Neuron(1, 2)))
    assert inspector(app).inner_text().split() == text_content_lines(state)

    network(app).get_by_role("button", name="Input 1", exact=True).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        app.keyboard.press(key)
    expect(inspector(app)).to_contain_text("Hidden 2 neuron 2")
    term = inspector(app).get_by_role("button", name="Weight from Hidden 1 neuron 1 to Hidden 2 neuron 2")
    term.focus()
    app.keyboard.press("Enter")
    expect(inspector(app)).to_contain_text("model.fc2.weight[1, 0]")
    state = update(state, m.Select(Weight(2, 0, 1)))
    gradient = snapshot(state).weight_grads[1]
    assert gradient is not None
    expect(inspector(app)).to_contain_text(f"{float(gradient[0, 1]):.4g}".replace("-", "−"))


def text_content_lines(state: object) -> list[str]:
    """What the view says, in words; inner_text separates blocks where the tree has no space."""
    from perceptorium.session import State

    assert isinstance(state, State)
    return words(inspector_view(state))


def words(node: object) -> list[str]:
    from perceptorium.views.markup import Element

    if not isinstance(node, Element):
        return str(node).split()
    inline = all(not isinstance(child, Element) or child.tag in ("button", "span", "code") for child in node.children)
    if inline:
        return text_content(node).split()
    return [word for child in node.children for word in words(child)]


def test_a_whole_step_line_by_line(app: Page) -> None:
    phases = [
        ("zero_grad", "optimizer.zero_grad()"),
        *[("forward", f"fc{layer}(") for layer in (1, 2, 3)],
        ("criterion", "loss = criterion(output, y)"),
        *[("loss.backward()", "loss.backward()")] * 3,
        ("optimizer.step()", "optimizer.step()"),
    ]
    state = initial_state()
    for caption, line in phases:
        press(app, "Step line")
        state = update(state, m.StepLine())
        expect(network(app).locator(".caption")).to_contain_text(caption)
        expect(code(app).locator("[aria-current=step]")).to_contain_text(line)
        values = network(app).locator(".value").all_text_contents()
        assert state.playback is not None
        computed = sum(text.strip() != "" for text in values)
        kinds = state.playback.frame.delta if "backward" in caption else state.playback.frame.a
        inputs = 0 if "backward" in caption else 2
        assert computed == inputs + sum(values.shape[1] for values in kinds if values is not None)
    assert reading(app, "Epoch") == 1
    assert reading(app, "Loss") == round(state.standing.loss, 8)


def test_editing_nudging_rewinding(app: Page) -> None:
    for _ in range(4):
        press(app, "Step epoch")
    network(app).get_by_role("button", name="Weight from Input 1 to Hidden 1 neuron 1", exact=True).focus()
    app.keyboard.press("Enter")
    set_number(app, "Weight", "0.75")
    state = initial_state()
    for _ in range(4):
        state = update(state, m.StepEpoch())
    state = update(state, m.SetParameter(Weight(1, 0, 0), 0.75))
    expect(network(app).get_by_role("status", name="Loss", exact=True)).to_have_text(f"{state.standing.loss:.8f}")
    press(app, "Nudge up")
    state = update(state, m.NudgeWeight(Weight(1, 0, 0), 1))
    assert state.nudge is not None
    expect(inspector(app)).to_contain_text(
        f"to {state.nudge.after:.6f}; the gradient predicted {state.nudge.predicted:.6f}"
    )

    slider = network(app).get_by_role("slider", name="Rewind")
    slider.fill("2")
    expect(network(app).get_by_role("status", name="Epoch", exact=True)).to_have_text("2")
    press(app, "Step epoch")
    forked = initial_state()
    for _ in range(3):
        forked = update(forked, m.StepEpoch())
    expect(network(app).get_by_role("status", name="Loss", exact=True)).to_have_text(f"{forked.standing.loss:.8f}")


def test_a_perceptron_is_diagnosed_and_helped(app: Page) -> None:
    press(app, "Remove layer")
    press(app, "Remove layer")
    network(app).get_by_text("More settings").click()
    network(app).get_by_label("Speed").select_option("100")
    network(app).get_by_text("More settings").click()
    press(app, "Train")
    remedy = app.get_by_role("region", name="Diagnosis").get_by_role("button", name="add a hidden layer")
    expect(remedy).to_be_visible()
    remedy.click()
    expect(network(app).get_by_role("button", name="Hidden 1 neuron 4", exact=True)).to_be_visible()
    training = network(app).get_by_role("button", name="Pause", exact=True)
    expect(training.or_(network(app).get_by_text("Stopped:"))).to_be_visible()  # or it is done already


def test_large_weights_and_a_large_rate_end_in_words(app: Page) -> None:
    network(app).get_by_role("slider", name="Learning rate").fill("1")
    network(app).get_by_text("More settings").click()
    network(app).get_by_label("Loss function").select_option("BCEWithLogitsLoss")
    network(app).get_by_label("Speed").select_option("fit")
    network(app).get_by_text("More settings").click()
    for source in (1, 2):
        for target in range(1, 5):
            network(app).get_by_role(
                "button", name=f"Weight from Input {source} to Hidden 1 neuron {target}", exact=True
            ).focus()
            app.keyboard.press("Enter")
            set_number(app, "Weight", "100" if target % 2 else "-100")
    press(app, "Train")
    words = app.get_by_role("region", name="Diagnosis").or_(network(app).get_by_text("Stopped:"))
    expect(words.first).to_be_visible()
    if network(app).get_by_role("button", name="Pause", exact=True).count():
        press(app, "Pause")
    text = network(app).inner_text()
    assert "NaN" not in text
    assert "inf" not in network(app).get_by_role("status", name="Loss", exact=True).inner_text()


@pytest.mark.parametrize("context", [{}, {"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_the_smallest_and_the_largest_network(app: Page) -> None:
    for _ in range(2):
        press(app, "Remove layer")
    press(app, "Step epoch")
    assert reading(app, "Epoch") == 1
    for layer in range(1, 5):
        press(app, "Add layer")
        set_number(app, f"Hidden layer {layer} neurons", "8")
    choose(app, "Tanh")
    press(app, "Step epoch")
    trainer = Experiment(hidden=(8, 8, 8, 8), activation="Tanh").trainer()
    trainer.run(1)
    assert reading(app, "Loss") == pytest.approx(float(np.asarray(trainer.loss)), abs=2e-8)
    network(app).get_by_role("button", name="Hidden 4 neuron 8", exact=True).click()
    expect(inspector(app)).to_contain_text("torch.tanh(fc4(h3))[7]")
    assert app.evaluate("document.documentElement.scrollWidth") <= app.viewport_size["width"]  # type: ignore[index]

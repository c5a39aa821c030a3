"""The six concepts in a real browser: every control by role and name, by keyboard and by pointer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from perceptorium.session.concepts import Activations, Backprop, Concept, Linear, Losses, Optimizers, Tensors

TITLES = ("Tensors", "Linear layers", "Activation functions", "Backpropagation", "Optimizers", "Loss functions")


def concept(page: Page, title: str) -> Locator:
    section = page.get_by_role("region", name="PyTorch concepts", exact=True)
    return section.get_by_role("region", name=title, exact=True)


def shows(page: Page, title: str, settings: Concept) -> None:
    """The panel's program and output are those of the settings."""
    panel = concept(page, title)
    expect(panel.get_by_label(f"{title}: output")).to_have_text(settings.printed(), use_inner_text=True)
    assert panel.get_by_label(f"{title}: program").text_content() == settings.code()


def type_in(panel: Locator, name: str, value: str) -> None:
    field = panel.get_by_role("spinbutton", name=name, exact=True)
    field.fill(value)
    field.press("Enter")


def test_tensors_layers_and_functions(app: Page) -> None:
    panel = concept(app, "Tensors")
    shows(app, "Tensors", Tensors())
    type_in(panel, "B rows", "2")
    refused = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x2)"
    expect(panel.get_by_label("Tensors: output")).to_contain_text(refused)
    panel.get_by_role("combobox", name="Operation").select_option("reshape")
    type_in(panel, "New rows", "4")
    expect(panel.get_by_label("Tensors: output")).to_contain_text("shape '[4, -1]' is invalid for input of size 6")
    panel.get_by_role("radio", name="int64").check(force=True)
    type_in(panel, "New rows", "1")
    shows(app, "Tensors", Tensors("reshape", "int64", rows_b=2, new_rows=1))
    panel.get_by_role("combobox", name="Operation").select_option("entry")
    type_in(panel, "Index j", "-4")
    refused = "IndexError: index -4 is out of bounds for dimension 1 with size 3"
    expect(panel.get_by_label("Tensors: output")).to_contain_text(refused)
    type_in(panel, "A rows", "9")
    expect(panel.get_by_text("it must be a number from 1 to 4")).to_be_visible()
    expect(panel.get_by_role("spinbutton", name="A rows")).to_have_value("2")

    panel = concept(app, "Linear layers")
    slider = panel.get_by_role("slider", name="W[0, 1]", exact=True)
    slider.focus()
    app.keyboard.press("ArrowRight")
    app.keyboard.press("ArrowRight")
    expect(slider).to_be_focused()
    expect(panel.get_by_role("spinbutton", name="W[0, 1]", exact=True)).to_have_value("-0.5")
    type_in(panel, "x[2]", "0.3")
    type_in(panel, "b[1]", "2")
    type_in(panel, "Outputs", "3")
    layer = Linear()
    for place, value in (("W:0:1", "-0.5"), ("x:2", "0.25"), ("b:1", "2"), ("outputs", "3")):
        layer = layer.with_field(place, value)
    shows(app, "Linear layers", layer)
    expect(panel.get_by_text("12 parameters: 3·3 weights")).to_be_visible()
    expect(panel.locator("pre .py-number").first).to_be_visible()

    panel = concept(app, "Activation functions")
    panel.get_by_role("radio", name="Tanh").check(force=True)
    panel.get_by_role("slider", name="x", exact=True).fill("4")
    shows(app, "Activation functions", Activations("Tanh", 4.0))
    expect(panel.get_by_text("flat here")).to_be_visible()
    plot = panel.get_by_role("img", name="Tanh and its slope")
    drag(plot, (0.4, 0.5), (0.6, 0.5))
    expect(panel.get_by_role("spinbutton", name="x", exact=True)).to_have_value("1.25")
    shows(app, "Activation functions", Activations("Tanh", 1.25))


def test_backpropagation_race_and_losses(app: Page) -> None:
    panel = concept(app, "Backpropagation")
    shows(app, "Backpropagation", Backprop())
    panel.get_by_role("button", name="Start over").click()
    expect(panel.get_by_text("Nothing is computed yet")).to_be_visible()
    expect(panel.get_by_role("button", name="Previous node")).to_be_disabled()
    step = panel.get_by_role("button", name="Next node")
    step.focus()
    for _ in range(7):
        app.keyboard.press("Enter")
    expect(step).to_be_focused()
    expect(panel.get_by_role("status").filter(has_text="Backward: ∂L/∂e = ∂L/∂L · ∂L/∂e = 1")).to_be_visible()
    panel.get_by_role("button", name="All nodes").click()
    expect(step).to_be_disabled()
    panel.get_by_role("slider", name="x", exact=True).fill("-1")
    panel.get_by_role("radio", name="b", exact=True).check(force=True)
    shows(app, "Backpropagation", Backprop(x=-1.0, nudged="b"))

    panel = concept(app, "Optimizers")
    surface = panel.get_by_role("img", name="Loss surface")
    drag(surface, (0.3, 0.3), (0.75, 0.2))
    x, y = (float(panel.get_by_role("spinbutton", name=f"Start {axis}").input_value()) for axis in "xy")
    assert x > 0.8 and y > 0.8
    surface.focus()
    app.keyboard.press("ArrowLeft")
    app.keyboard.press("ArrowUp")
    race = Optimizers(x=x, y=y).with_field("move", "ArrowLeft").with_field("move", "ArrowUp")
    shows(app, "Optimizers", race)
    panel.get_by_role("combobox", name="Surface").select_option("valleys")
    type_in(panel, "lr", "0.2")
    panel.get_by_role("slider", name="Steps").fill("12")
    shows(app, "Optimizers", Optimizers("valleys", race.x, race.y, 0.2, 12))
    expect(panel.get_by_role("table", name="Race").get_by_role("row")).to_have_count(4)

    panel = concept(app, "Loss functions")
    panel.get_by_role("radio", name="1", exact=True).check(force=True)
    type_in(panel, "Score z", "-6")
    shows(app, "Loss functions", Losses(-6.0, 1))
    expect(panel.get_by_text("Confident and wrong:")).to_be_visible()
    drag(panel.get_by_role("img", name="Gradient by score"), (0.3, 0.5), (0.9, 0.5))
    expect(panel.get_by_text("Confident and right")).to_be_visible()


def drag(picture: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at a share of the picture's width and height, and let go at another."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    mouse = picture.page.mouse
    mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    mouse.down()
    mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=3)
    mouse.up()


@pytest.mark.parametrize("context", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_on_a_phone(app: Page) -> None:
    for title in TITLES:
        panel = concept(app, title)
        box = panel.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390
        for part in (panel.get_by_role("img"), panel.get_by_role("spinbutton"), panel.get_by_role("slider")):
            for one in part.all():
                place = one.bounding_box()
                assert place is not None and place["x"] >= 0 and place["x"] + place["width"] <= 390, f"{title}: {one}"
        for text in panel.locator(".concept-picture text").all()[:4]:
            drawn = "node => parseFloat(getComputedStyle(node).fontSize) * node.getScreenCTM().a"
            assert text.evaluate(drawn) >= 10
    panel = concept(app, "Optimizers")
    surface = panel.get_by_role("img", name="Loss surface")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    app.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"])
    expect(panel.get_by_role("spinbutton", name="Start x")).not_to_have_value("-1.6")

"""Small windows, large text, damaged links and hostile text: nothing is lost, broken or run."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import network, press, reading

# What reaches beyond the window, unless it lies in a box that scrolls or in a picture; and what a box cuts off.
WIDER_THAN_THE_WINDOW = """() => {
    const room = document.documentElement.clientWidth;
    const scrolls = e => e && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const shown = [...document.querySelectorAll("body *:not(svg *)")]
        .filter(e => e.checkVisibility() && !e.closest(".unseen, .skip, math") && e.getBoundingClientRect().width > 1);
    const out = shown.filter(e => {
        const box = e.getBoundingClientRect();
        return (box.right > room + 1 || box.left < -1) && !scrolls(e.parentElement);
    });
    const cut = shown.filter(e => /hidden|clip/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
        && !e.matches("math, h2, #loading-bar, input, select"));
    const told = [...out, ...cut].map(e => `${e.closest("section")?.id}: ${e.outerHTML.slice(0, 120)}`).slice(0, 5);
    return document.documentElement.scrollWidth > room ? told.concat("overflow") : told;
}"""

# WCAG 2.5.8 exempts a target whose circle of 24 px around its middle meets no other target, and links in a sentence.
SMALL_TARGETS = """() => {
    const shown = [...document.querySelectorAll("button, input:not([type=file]), select, summary, nav a, a.button")]
        .filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}))
        .map(e => (e.matches("input[type=radio], input[type=checkbox]") && e.closest("label")) || e)
        .filter(e => e.getBoundingClientRect().width > 1);
    return shown.map(e => [e, e.getBoundingClientRect()])
        .filter(([, box]) => box.width < 23.9 || box.height < 23.9)
        .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${e.outerHTML.slice(0, 120)}`);
}"""

# With reduced motion nothing moves by itself: what changes while something trains is what is trained.
MOVING = """() => {
    const still = e => /^(0s(, )?)+$/.test(getComputedStyle(e).transitionDuration)
        && getComputedStyle(e).animationName === "none" && getComputedStyle(e).scrollBehavior === "auto";
    return [...document.getAnimations(), ...[...document.querySelectorAll("*")].filter(e => !still(e))].map(String);
}"""

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "{{7*7}}",
    "';__import__('os').system('x')",
    "\u202e\u0000%00",
)
ALPHABET = "hidden=48&activation=Tanh,lock=hide<>%\"'0123456789-.{}[]#\u00e9\u0000 e"


def damaged(chance: random.Random) -> str:
    """A fragment with some of its characters changed, cut or put in."""
    text = list("hidden=4,4&activation=Tanh&learning_rate=0.3&seed=7&dataset=XOR&lock=activation&hide=lab&weights=AAAA")
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(text))
        text[at : at + chance.randint(0, 3)] = chance.choices(ALPHABET, k=chance.randint(0, 3))
    return "".join(text)


@pytest.mark.parametrize(
    "context",
    [{"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2, "reduced_motion": "reduce"}],
    indirect=True,
    ids=["1280x800 at 200 %, then 360 wide, no motion"],
)
def test_small_windows_lose_nothing(app: Page) -> None:
    def looks_right(menu: str = "") -> None:
        for size in ({"width": 640, "height": 400}, {"width": 360, "height": 800}):
            app.set_viewport_size(size)  # type: ignore[arg-type]
            app.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            for problem in (WIDER_THAN_THE_WINDOW, SMALL_TARGETS, MOVING):
                assert app.evaluate(problem) == [], f"{size['width']} px, {menu}"

    for menu in (app.get_by_text("Share", exact=True), network(app).get_by_text("More settings")):
        menu.click()
        looks_right(menu.inner_text())
        app.keyboard.press("Escape")
    network(app).get_by_role("button", name="Weight from Input 1 to Hidden 1 neuron 1", exact=True).press("Enter")
    press(app, "Nudge up")
    press(app, "Train")
    xor, pipeline = app.locator("#xor"), app.locator("#pipeline")
    xor.get_by_label("Hidden neurons").select_option("3")
    xor.get_by_role("button", name="Train", exact=True).click()
    pipeline.get_by_role("button", name="Run step 4").click()
    lab = app.locator("#lab")
    field = lab.get_by_role("spinbutton", name="Networks per row")
    field.fill("20")
    field.press("Enter")
    lab.get_by_role("button", name="Run experiment").click()
    app.locator("#concept-tensors").get_by_role("spinbutton", name="B rows").fill("2")
    app.locator("#concept-tensors").get_by_role("spinbutton", name="B rows").press("Enter")
    app.evaluate("for (const details of document.querySelectorAll('#about details')) details.open = true")
    expect(app.get_by_role("region", name="XOR diagnosis")).to_be_visible()
    expect(lab.get_by_text("Done.")).to_be_visible()
    looks_right("training")
    xor.get_by_label("Hidden neurons").select_option("0")
    pipeline.get_by_role("button", name="Run all").click()
    press(app, "Step line")
    press(app, "Edit")
    network(app).get_by_role("textbox", name="Edit the program").fill("import os")
    lab.get_by_role("radio", name="Learning rate").check(force=True)
    looks_right("editing")
    lab.get_by_role("radio", name="Depth and activation").check(force=True)
    press(app, "Forward pass")
    looks_right("a pass")


@pytest.mark.imports_more
def test_damaged_links_and_hostile_text(app: Page) -> None:
    app.on("dialog", lambda dialog: pytest.fail(f"text was run: {dialog.message}"))
    chance = random.Random(11)
    for _ in range(50):
        fragment = damaged(chance)
        app.evaluate("text => { location.hash = text; }", fragment)
        app.evaluate("new Promise(requestAnimationFrame)")
        assert app.locator("html").get_attribute("data-app") == "ready", fragment
    app.evaluate("location.hash = 'hidden=4,4'")
    expect(network(app).get_by_role("spinbutton", name="Hidden layer 2 neurons")).to_have_value("4")
    press(app, "Step epoch")
    assert reading(app, "Epoch") == 1

    elements = app.locator("img, script, iframe").count()
    for text in HOSTILE:
        app.evaluate("text => { location.hash = `hidden=${text}&dataset=${text}`; }", text)
        app.evaluate(
            """text => {
                for (const field of document.querySelectorAll("main input[type=number]")) {
                    field.type = "text"; // a number field would drop the text before the page sees it
                    field.value = text;
                    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {bubbles: true}));
                    field.type = "number";
                }
            }""",
            text,
        )
        app.evaluate(
            """text => {
                const files = new DataTransfer();
                files.items.add(new File([text], "<b>.json"));
                const chooser = document.querySelector("input[type=file]");
                chooser.files = files.files;
                chooser.dispatchEvent(new Event("change", {bubbles: true}));
            }""",
            text,
        )
        assert app.locator("html").get_attribute("data-app") == "ready", text
    press(app, "Edit")
    app.get_by_role("textbox", name="Edit the program").fill(f"{HOSTILE[0]}\n{HOSTILE[1]}")
    expect(network(app).get_by_role("alert")).to_be_visible()
    assert app.locator("img, script, iframe").count() == elements
    assert app.locator("html").get_attribute("data-app") == "ready"

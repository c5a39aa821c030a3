"""What is read aloud while things train: how it began and what came of it, once, and nothing in between."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.support import network, press, set_number

LISTEN = """
window.heard = [];
const LOUD = {status: "polite", log: "polite", alert: "assertive"};
const last = new Map(), loudness = place => place.getAttribute("aria-live") ?? LOUD[place.role ?? place.localName];
const hear = records => {
    const places = new Set();
    for (const {target} of records) {
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        const place = element?.closest("[aria-live], [role=status], [role=log], [role=alert]");
        if (place && loudness(place) !== "off") places.add(place);
    }
    for (const place of places) {
        const said = place.textContent.trim();
        if (said && last.get(place) !== said) window.heard.push(said);
        last.set(place, said);
    }
};
new MutationObserver(hear).observe(document.body, {subtree: true, childList: true, characterData: true});
null;
"""


def heard(page: Page) -> list[str]:
    """What was read aloud since the last time."""
    said: list[str] = page.evaluate("window.heard.splice(0)")
    return said


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def test_results_are_announced_once_and_nothing_before(app: Page) -> None:
    app.evaluate(LISTEN)

    press(app, "Train")
    expect(network(app).get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()
    first, last = heard(app)
    assert first == "Training."
    assert re.fullmatch(r"Stopped: the loss is below 0.01. Epoch \d+: loss 0.00\d+, accuracy 100 %.", last)
    chart = network(app).get_by_role("figure").filter(has=app.get_by_role("img", name="Accuracy", exact=True))
    epoch = network(app).get_by_role("status", name="Epoch", exact=True).inner_text()
    expect(chart).to_contain_text(f"Accuracy from 75 % to 100 % at epoch {epoch}.")

    xor = section(app, "XOR playground")
    xor.get_by_role("button", name="Train", exact=True).click()
    expect(xor.get_by_text("Stopped:")).to_be_visible()
    (said,) = heard(app)
    result = r"Epoch \d+: loss 0.00\d+, 4 of 4 points on the right side."
    assert re.fullmatch(rf"Stopped: the loss is below 0.01. {result}", said)
    xor.get_by_label("Hidden neurons").select_option("3")
    xor.get_by_role("button", name="Train", exact=True).click()
    expect(section(app, "XOR diagnosis")).to_be_visible()
    xor.get_by_role("button", name="Pause", exact=True).click()
    (said,) = heard(app)
    assert re.fullmatch(r"Paused. Epoch \d+: loss 0.\d+, \d of 4 points on the right side.", said)

    pipeline = section(app, "Training pipeline")
    pipeline.get_by_role("button", name="Run all").click()
    expect(pipeline.get_by_text("5 of 5 steps are done.")).to_be_visible()
    assert heard(app) == ["Training:", "Evaluate is done: accuracy: 100.0%. 5 of 5 steps are done."]
    pipeline.get_by_role("button", name="Start over").click()
    pipeline.get_by_role("button", name="Run step 5").click()
    assert heard(app) == [
        "0 of 5 steps are done.",
        "Evaluate stops: NameError: name 'model' is not defined. 0 of 5 steps are done.",
    ]

    lab = section(app, "Convergence lab")
    field = lab.get_by_role("spinbutton", name="Networks per row")
    field.fill("20")
    field.press("Enter")
    for name, result in (
        ("Table 3", r"Done. Learned: 2 ReLU \d+.\d %, 3 ReLU .* 8 ReLU \d+.\d %."),
        ("Learning rate", r"Done. Most learn at η = [\d.]+: [\d.]+ %. Fastest at η = [\d.]+: \d+ epochs."),
        ("Depth and activation", r"Done. Before training, .*: ReLU [\d.]+; Tanh [\d.]+; Sigmoid [\d.e−]+."),
    ):
        lab.get_by_role("radio", name=name).check(force=True)
        lab.get_by_role("button", name="Run experiment").click()
        expect(lab.get_by_text("Done.")).to_be_visible()
        (said,) = heard(app)
        assert re.fullmatch(result, said), said

    set_number(app, "Hidden layer 1 neurons", "9")
    (said,) = heard(app)
    assert "9" in said and "8" in said

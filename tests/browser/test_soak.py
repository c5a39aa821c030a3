"""Use for a long time: what the page holds in memory does not grow. `make soak` does it for half an hour's worth."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

import pytest
from playwright.sync_api import CDPSession, Page

from tests.browser.support import reading

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
"""Rounds after the warm-up. A round reconfigures eight times and trains for 4,000 epochs: 50 make 400 and 200,000."""

WARM_UP = 9
"""Rounds until what the page keeps on purpose is full: the workbench's 16 compiled networks, two a round, above all.

From then on every round drops as much as it adds, so what is kept by mistake shows.
"""

GROWTH = 1.10
SLACK = {"memory": 15_000_000}
"""What may be added to 10 %: WebAssembly's memory grows by a fifth at a time."""

# Everything by its control, but without waiting for a hand.
ROUND = """async round => {
    const click = (action) => document.querySelector(`[data-click="${action}"]`)
        .dispatchEvent(new MouseEvent("click", {bubbles: true}));
    const set = (action, value) => {
        const control = document.querySelector(`[data-change="${action}"]`);
        control.value = value;
        control.dispatchEvent(new Event("change", {bubbles: true}));
    };
    const choose = (action, value) => document.querySelector(`[data-change="${action}"][value="${value}"]`).click();
    const frame = () => new Promise(requestAnimationFrame);
    const enough = async (done) => { while (!done()) await frame(); };
    const epoch = () => Number(document.getElementById("out-epoch").textContent);
    const says = (action, text) => document.querySelector(`[data-click="${action}"]`).textContent.includes(text);
    const point = (element) => element.dispatchEvent(new PointerEvent("pointermove", {bubbles: true}));
    set("speed", "fit");
    click("add-layer");
    for (let part = 0; part < 2; part++) {
        const setting = 2 * round + part;
        set("neurons:1", 2 + setting % 7);
        choose("field:activation", ["ReLU", "Sigmoid", "Tanh"][setting % 3]);
        set("field:stop_below", 0);
        click("train");
        await enough(() => epoch() >= 2000);
        click("train");
        for (const line of document.querySelectorAll("[data-line]")) point(line);
        for (const neuron of document.querySelectorAll(".neuron")) point(neuron);
        click("select:1:0");
        click("select:1:0:1");
        for (let k = 0; k < 12; k++) click("step-line");
        click("play:forward");
        await frame();
        click("new-weights");
    }
    click("remove-layer");
    choose("field:activation", "ReLU");
    set("neurons:1", 4);
    for (const form of ["exact", "listing"]) choose("form", form);
    for (const section of document.querySelectorAll("main > section")) {
        section.scrollIntoView();
        for (const details of section.querySelectorAll("details")) details.open = !details.open;
        await frame();
    }
    click("xor-train");
    for (let k = 0; k < 5; k++) await frame();
    click("xor-train");
    click("xor-reset");
    set("xor-hidden", [2, 3, 4][round % 3]);
    set("concept:linear:inputs", 1 + round % 3);
    click("pipeline-all");
    await enough(() => !document.querySelector("[data-click=pipeline-restart]").disabled);
    click("pipeline-restart");
    set("lab-set:networks", 20);
    click("lab-run");
    await enough(() => says("lab-run", "Run"));
    click("lab-run");
    await frame();
    click("lab-run");
    click("step-epoch");
}"""

OBJECTS = """perceptorium.python.runPython(`
import gc
gc.collect()
len(gc.get_objects())
`)"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds: bytes of JavaScript's heap, nodes, listeners, Python's objects, references across, memory."""

    heap: int
    nodes: int
    listeners: int
    objects: int
    hiwire: int
    memory: int


def held(page: Page, devtools: CDPSession) -> Held:
    """What is left after a collection on both sides."""
    objects = page.evaluate(OBJECTS)
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    metrics = {entry["name"]: entry["value"] for entry in devtools.send("Performance.getMetrics")["metrics"]}
    hiwire, memory = page.evaluate(
        "[perceptorium.python._module._hiwire_num_refs?.() ?? 0, perceptorium.python._module.HEAPU8.length]"
    )
    return Held(
        int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"]), int(metrics["JSEventListeners"]), objects, hiwire, memory
    )


@pytest.mark.imports_more
def test_nothing_grows(app: Page) -> None:
    devtools = app.context.new_cdp_session(app)
    devtools.send("Performance.enable")
    app.get_by_text("More settings").first.click()
    for done in range(WARM_UP):
        app.evaluate(ROUND, done)
    warm = held(app, devtools)
    for done in range(ROUNDS):
        app.evaluate(ROUND, WARM_UP + done)
    after = held(app, devtools)
    print(f"after {WARM_UP} rounds {warm}\nafter {ROUNDS} more  {after}")
    for field in fields(Held):
        before, now = getattr(warm, field.name), getattr(after, field.name)
        assert now <= GROWTH * before + SLACK.get(field.name, 0), f"{field.name} grew: {warm} to {after}"
    assert app.locator("html").get_attribute("data-app") == "ready"
    assert reading(app, "Epoch") == 1

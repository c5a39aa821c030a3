"""The training pipeline in a real browser, step by step, on a desktop and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from perceptorium import messages as m
from perceptorium.session import initial_state, update
from perceptorium.session.pipeline_code import STEPS
from tests.browser.support import network


def pipeline(page: Page) -> Locator:
    return page.get_by_role("region", name="Training pipeline", exact=True)


def output(page: Page, step: str) -> Locator:
    return pipeline(page).get_by_role("log", name=f"Output: {STEPS[step]}", exact=True)


def press(page: Page, step: str) -> None:
    group = pipeline(page).get_by_role("group", name=STEPS[step], exact=True)
    group.get_by_role("button", name=f"Run step {list(STEPS).index(step) + 1}", exact=True).click()


@pytest.mark.parametrize("context", [{}, {"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_five_steps(app: Page) -> None:
    expect(pipeline(app).get_by_role("img", name="Data flow")).to_be_visible()
    press(app, "loop")
    expect(output(app, "loop")).to_have_text("NameError: name 'optimizer' is not defined")
    expect(pipeline(app).get_by_text("the step Loss and optimizer makes it")).to_be_visible()

    state = initial_state()
    for step in STEPS:
        press(app, step)
        state = update(state, m.RunPipelineStep(step))
        while state.pipeline.running:
            state = update(state, m.AdvancePipeline(1000))
        expect(output(app, step)).to_have_text(state.pipeline.printed[step])
    expect(pipeline(app).get_by_text("5 of 5 steps are done")).to_be_visible()
    assert pipeline(app).locator(".flow-box.touched").count() == 5

    pipeline(app).get_by_role("button", name="Start over", exact=True).click()
    expect(output(app, "evaluate")).to_have_text("")
    network(app).get_by_role("radio", name="Tanh").check(force=True)
    pipeline(app).get_by_role("button", name="Run all", exact=True).click()
    expect(output(app, "model")).to_contain_text("(tanh): Tanh()")
    expect(output(app, "evaluate")).to_contain_text("accuracy: 100.0%")
    assert pipeline(app).evaluate("section => section.scrollWidth <= section.clientWidth")

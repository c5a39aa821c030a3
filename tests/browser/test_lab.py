"""The convergence lab in a real browser, found by role and accessible name."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import NETWORKS, fill, lab, measure_table_3, run, saved


def test_the_page_measures_what_the_command_line_measures(app: Page) -> None:
    measure_table_3(app)


def test_a_failed_network_opens_in_the_workbench_with_its_diagnosis(app: Page) -> None:
    fill(app, "Networks per row", str(NETWORKS))
    run(app)
    lab(app).get_by_role("button", name="Show me one that failed: 2 ReLU").click()
    workbench = app.get_by_role("region", name="Network", exact=True)
    expect(workbench.get_by_text("From the convergence lab: 2 ReLU with seed")).to_be_in_viewport()
    expect(workbench.get_by_role("button", name="Train", exact=True)).to_be_focused()
    expect(workbench.get_by_role("status", name="Epoch", exact=True)).to_have_text("2000")
    expect(workbench.get_by_role("spinbutton", name="Hidden layer 1 neurons")).to_have_value("2")
    expect(app.locator("#diagnosis").get_by_role("button").first).to_be_visible()


def test_cancel_keeps_what_is_done_and_clicks_are_answered_meanwhile(app: Page) -> None:
    fill(app, "Networks per row", "1000")
    lab(app).get_by_role("button", name="Run experiment").click()
    first = lab(app).get_by_role("table", name="Convergence").get_by_role("row").nth(1)
    expect(first.get_by_role("button")).to_be_visible()
    expect(lab(app).get_by_role("progressbar", name="Experiment progress")).to_be_visible()
    # Of eight clicks in the workbench the median one is answered within 100 ms; a slow machine may be late once.
    answers = app.evaluate(
        """async () => {
          const answers = [], step = document.querySelector('[data-click="step-epoch"]');
          for (let i = 0; i < 8; i++) {
            const due = performance.now();
            await new Promise(resolve => setTimeout(resolve));
            step.click();
            await new Promise(requestAnimationFrame);
            answers.push(performance.now() - due);
          }
          return answers.sort((a, b) => a - b);
        }"""
    )
    lab(app).get_by_role("button", name="Cancel").click()
    expect(lab(app).get_by_role("button", name="Run experiment")).to_be_visible()
    expect(lab(app).get_by_text("Cancelled:")).to_be_visible()
    expect(first).not_to_contain_text("–")
    expect(app.get_by_role("status", name="Epoch", exact=True).first).to_have_text("8")
    loaded = json.loads(saved(app, "Save JSON"))
    assert loaded["complete"] is False
    done = [network for row in loaded["rows"] for network in row["networks"] if network]
    assert 0 < len(done) < 6000
    assert answers[4] < 100, answers


def test_what_is_not_allowed_is_said_and_not_kept(app: Page) -> None:
    for name, value, said in (
        ("Networks per row", "0", "networks is '0'"),
        ("Learning rate η", "-1", "learning rate is '-1'"),
        ("Threshold", "2", "threshold is '2'"),
    ):
        field = lab(app).get_by_role("spinbutton", name=name)
        before = field.input_value()
        fill(app, name, value)
        expect(lab(app).get_by_text(said)).to_be_visible()
        expect(field).to_have_value(before)


@pytest.mark.parametrize("context", [{"viewport": {"width": 360, "height": 740}}], indirect=True)
def test_the_other_experiments_on_a_phone(app: Page) -> None:
    fill(app, "Networks per row", str(NETWORKS))
    for name, images in (("Learning rate", 2 + 12), ("Depth and activation", 3)):
        lab(app).get_by_role("radio", name=name).check(force=True)
        run(app)
        expect(lab(app).get_by_role("img")).to_have_count(images)
        wide = lab(app).evaluate(
            "s => [...s.querySelectorAll('*')].filter(e => !e.closest('.wide') && !e.closest('svg')"
            " && e.getBoundingClientRect().right > 360).map(e => e.className)"
        )
        assert wide == []
    lab(app).get_by_role("radio", name="after 1000 epochs").check(force=True)
    expect(lab(app)).to_contain_text("After 1000 epochs, with 4 hidden layers")

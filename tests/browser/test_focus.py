"""The focus can be seen wherever it is, with nothing over it; and Escape closes what was opened."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support import network

# What the focused element and what stands around it look like, with and without the focus (WCAG 2.4.7); and whether
# something that stays in its place while the page scrolls, or lies over it, hides its middle (2.4.11).
LOOK = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    const near = [here, ...here.querySelectorAll("*"), ...here.parentElement.children, here.parentElement];
    const look = () => near.map(part => {
        const {outlineStyle, outlineWidth, outlineColor, stroke, strokeWidth} = getComputedStyle(part);
        return outlineStyle === "none" ? [stroke, strokeWidth].join() : [outlineWidth, outlineColor].join();
    });
    const visible = here.checkVisibility({visibilityProperty: true}), focused = look();
    const box = (here.labels?.[0]?.classList.contains("radio") ? here.labels[0] : here).getBoundingClientRect();
    const middle = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height, 40) / 2];
    const over = document.elementFromPoint(...middle);
    const hidden = !over || !(near.some(part => part.contains(over) || over.contains(part)));
    const name = here.getAttribute("aria-label") ?? here.textContent.trim().slice(0, 40);
    const place = here.closest("section")?.id ?? "top";
    here.blur();
    const changes = look().some((each, part) => each !== focused[part]);
    here.focus({preventScroll: true});
    return {name: `${place}: ${here.localName} ${name}`, visible, changes, hidden, over: over?.outerHTML.slice(0, 80)};
}"""
MOST = 400


@pytest.mark.parametrize(
    "context", [{}, {"viewport": {"width": 390, "height": 844}}], indirect=True, ids=["wide", "phone"]
)
def test_the_focus_is_seen_all_the_way(app: Page) -> None:
    seen: list[dict[str, Any]] = []
    app.get_by_text("Share", exact=True).evaluate("summary => { summary.parentElement.open = true; }")
    for _ in range(MOST):
        app.keyboard.press("Tab")
        look = app.evaluate(LOOK)
        if look is None:
            break
        seen.append(look)
        if look["name"] == "top: button Save as PNG":
            app.keyboard.press("Escape")
            expect(app.get_by_text("Share", exact=True)).to_be_focused()
            assert app.locator("details[open]").count() == 0
    assert 150 < len(seen) < MOST
    assert {look["name"].partition(":")[0] for look in seen} == {
        *("top", "simulation", "xor", "concepts", "pipeline", "lab", "about"),
    }
    assert [look["name"] for look in seen if not look["changes"]] == []
    assert [(look["name"], look["over"]) for look in seen if look["hidden"] or not look["visible"]] == []
    for _ in seen:  # and back, where what stays at the top of the window could hide what scrolls in there
        app.keyboard.press("Shift+Tab")
        look = app.evaluate(LOOK)
        assert look is None or not look["hidden"], look


def test_a_click_elsewhere_closes_a_menu(app: Page) -> None:
    share, more = app.get_by_text("Share", exact=True), network(app).get_by_text("More settings")
    share.click()
    app.get_by_role("checkbox", name="Convergence lab").check()
    expect(app.get_by_role("button", name="Copy link")).to_be_visible()
    app.get_by_role("heading", name="Perceptorium").click()
    expect(app.get_by_role("button", name="Copy link")).to_be_hidden()
    more.click()
    network(app).get_by_label("Speed").select_option("1")
    share.click()
    expect(network(app).get_by_label("Speed")).to_be_hidden()
    app.keyboard.press("Escape")
    expect(share).to_be_focused()
    expect(app.get_by_role("button", name="Copy link")).to_be_hidden()

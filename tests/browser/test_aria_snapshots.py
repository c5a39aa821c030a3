"""What a screen reader is told of each section: kept as text, and looked through for what would be poor."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.support import network

SNAPSHOTS = Path(__file__).parent / "snapshots"
SECTIONS = ("simulation", "xor", "concepts", "pipeline", "lab", "about")

WORDS_OF_LABELS = """() => [...document.querySelectorAll("label")].flatMap(label => {
    const control = label.control, shown = label.querySelector(".label, span");
    if (!control || !control.getAttribute("aria-label") || !label.checkVisibility()) return [];
    const words = text => (text.toLowerCase().match(/[a-z0-9]{2,}|[0-9]/g) ?? []).join(" ");
    return words(control.getAttribute("aria-label")).includes(words(shown.textContent)) ? [] : [label.textContent];
})"""


@pytest.mark.parametrize("context", [{"color_scheme": "light"}], indirect=True)
def test_what_a_screen_reader_is_told(app: Page, context: BrowserContext) -> None:
    found = {name: app.locator(f"#{name}").aria_snapshot() for name in SECTIONS}
    network(app).get_by_role("button", name="Hidden 1 neuron 1", exact=True).press("Enter")
    found["inspector"] = app.locator("#inspector").aria_snapshot()
    app.get_by_text("Share", exact=True).press("Enter")
    found["masthead"] = app.locator(".masthead").aria_snapshot()
    network(app).get_by_text("More settings").press("Enter")
    found["settings"] = app.locator("#controls .more").aria_snapshot()
    assert network(app).get_by_role("group", name="Neurons").count() == 1
    assert_well_named(tree(context, app))
    assert app.evaluate(WORDS_OF_LABELS) == [], "speech control asks for what is written (WCAG 2.5.3)"

    written = []
    for name, text in found.items():
        path = SNAPSHOTS / f"{name}.yml"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text + "\n")
            written.append(path.name)
        assert text.splitlines() == path.read_text().splitlines(), f"delete {path.name} if the new one is better"
    assert written == [], "look at these, and commit them if they are right"


class Node:
    """A node of Chromium's accessibility tree, with what encloses it."""

    def __init__(self, values: dict[str, Any], inside: Node | None) -> None:
        def text(name: str) -> str:
            return str(values.get(name, {}).get("value", ""))

        properties = {each["name"]: each["value"].get("value") for each in values.get("properties", [])}
        self.inside = inside
        self.role, self.name, self.description = text("role"), text("name"), text("description")
        self.focusable = bool(properties.get("focusable"))
        self.level = int(properties.get("level") or 0)
        self.labelled = self.role in ("region", "group", "radiogroup", "figure", "RootWebArea", "table", "row")

    def place(self) -> str:
        """The name of what encloses it, which a screen reader says on entering."""
        above = self.inside
        while above and not (above.labelled and above.name):
            above = above.inside
        return above.name if above else ""


def tree(context: BrowserContext, page: Page) -> list[Node]:
    """Chromium's own accessibility tree, in reading order, without what it leaves out."""
    session = context.new_cdp_session(page)
    session.send("Accessibility.enable")
    values = {each["nodeId"]: each for each in session.send("Accessibility.getFullAXTree")["nodes"]}
    nodes: list[Node] = []

    def walk(ident: str, inside: Node | None) -> None:
        each = values[ident]
        node = inside
        if not each.get("ignored"):
            node = Node(each, inside)
            nodes.append(node)
        for child in each.get("childIds", []):
            if child in values:
                walk(child, node)

    walk(next(ident for ident, each in values.items() if "parentId" not in each), None)
    session.detach()
    return nodes


CONTROLS = ("button", "link", "spinbutton", "slider", "combobox", "radio", "checkbox", "textbox", "option")


def assert_well_named(nodes: list[Node]) -> None:
    controls = [node for node in nodes if node.role in CONTROLS]
    assert len(controls) > 150
    assert [node.role for node in nodes if node.focusable and not node.name and node.role != "RootWebArea"] == []
    assert [node.role for node in controls if not node.name] == []
    same = Counter((node.role, node.name, node.place()) for node in controls if node.role != "option")
    assert [each for each, times in same.items() if times > 1] == []

    pictures = [node for node in nodes if node.role in ("image", "img", "SvgRoot")]
    assert len(pictures) > 15
    assert [node.role for node in pictures if not node.name] == []
    in_words = [node for node in pictures if node.description or node.place().endswith(".") or "." in node.name]
    small = ("square", "triangle", "circle")
    assert [node.name for node in pictures if node not in in_words and node.name not in small] == []

    levels = [node.level for node in nodes if node.role == "heading"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    names = [node.name for node in nodes if node.role in ("button", "group")]
    assert names.index("Output 1") < names.index("Weight from Input 1 to Hidden 1 neuron 1")

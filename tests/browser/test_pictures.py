"""Every figure as a file: an SVG that needs no stylesheet, and a PNG of it."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Page, expect

from perceptorium.views.pictures import PICTURES
from tests.browser.support import network, press

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{tag}" for tag in ("circle", "line", "path", "polygon", "polyline", "rect", "text", "tspan")}

NOT_LISTED = """selectors => [...document.querySelectorAll("main svg[role=img]:not(.strip, th svg), main svg.network")]
    .filter(svg => !selectors.some(selector => svg.matches(selector)))
    .map(svg => svg.outerHTML.slice(0, 200))"""
PIXELS = """async data => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const colours = new Set(new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer));
    return colours.size;
}"""

BURST_MS = 1500
"""Chromium drops the eleventh download of a burst; one that has paused for a second begins a new count."""


def saved(page: Page, stem: str, kind: str) -> tuple[str, Path]:
    page.get_by_label("Picture", exact=True).select_option(stem)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save as {kind}").click()
    return download.value.suggested_filename, Path(download.value.path())


def test_every_figure_can_be_saved(app: Page) -> None:
    for _ in range(3):
        press(app, "Step epoch")
    assert app.evaluate(NOT_LISTED, [picture.selector for picture in PICTURES.values()]) == []
    app.get_by_text("Share", exact=True).click()
    here = [stem for stem, picture in PICTURES.items() if app.locator(picture.selector).count()]
    assert len(here) >= 12
    for number, stem in enumerate(here, start=1):
        if number % 5 == 0:
            app.wait_for_timeout(BURST_MS)
        name, path = saved(app, stem, "SVG")
        assert name == f"perceptorium_{stem}.svg"
        picture = ET.fromstring(path.read_text())
        assert picture.tag == f"{SVG}svg"
        shapes = [element for element in picture.iter() if element.tag in SHAPES]
        assert all({"fill", "stroke"} <= set(shape.attrib) for shape in shapes[1:])
        names = {name for part in picture.iter() for name in part.attrib}
        assert not any(name == "class" or name.startswith(("data-", "aria-")) for name in names)
        assert "var(" not in path.read_text() and "url(" not in path.read_text()
        drawn = Counter(element.tag.removeprefix(SVG) for element in shapes)
        on_page = app.locator(PICTURES[stem].selector).first
        assert drawn["text"] == on_page.locator("text").count()
    for stem in ("loss", "decision_boundary"):
        name, path = saved(app, stem, "PNG")
        assert name == f"perceptorium_{stem}.png"
        content = path.read_bytes()
        assert content[:8] == b"\x89PNG\r\n\x1a\n"
        box = app.locator(PICTURES[stem].selector).get_attribute("viewBox")
        width, height = (2 * float(number) for number in (box or "").split()[2:])
        assert struct.unpack(">II", content[16:24]) == (width, height)
        assert app.evaluate(PIXELS, b64encode(content).decode()) > 10
    expect(network(app).get_by_text("Saved perceptorium_decision_boundary.png.")).to_be_visible()
    app.get_by_label("Picture", exact=True).select_option("learning_rate")
    app.get_by_role("button", name="Save as SVG").click()
    expect(network(app).get_by_text("Learning rate (lab) is not on the page now.")).to_be_visible()

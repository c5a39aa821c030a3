"""Every figure as a file: an SVG that needs no stylesheet, and a PNG of it."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import Download, Page, expect

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


def test_the_figures_of_the_lab_can_be_saved(app: Page) -> None:
    lab = app.get_by_role("region", name="Convergence lab")
    field = lab.get_by_role("spinbutton", name="Networks per row")
    for experiment, stem, figures in (
        ("Learning rate", "learning_rate", 2),
        ("Depth and activation", "gradient_norms", 3),
    ):
        lab.get_by_role("radio", name=experiment).check(force=True)
        field.fill("20")
        field.press("Enter")
        lab.get_by_role("button", name="Run experiment").click()
        expect(lab.get_by_text("Done.")).to_be_visible()
        assert app.evaluate(NOT_LISTED, [picture.selector for picture in PICTURES.values()]) == []
        on_page = app.locator(PICTURES[stem].selector)
        expect(on_page).to_have_count(figures)
        app.get_by_text("Share", exact=True).click()
        for kind in ("SVG", "PNG"):
            paths = [path for _, path in sorted(saved_all(app, stem, kind, figures))]
            for figure, path in enumerate(paths):
                if kind == "PNG":
                    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
                    assert app.evaluate(PIXELS, b64encode(path.read_bytes()).decode()) > 5
                    continue
                drawn = Counter(element.tag.removeprefix(SVG) for element in ET.fromstring(path.read_text()).iter())
                for shape in ("circle", "text"):
                    assert drawn[shape] == on_page.nth(figure).locator(shape).count() > 0
        app.keyboard.press("Escape")
        app.wait_for_timeout(BURST_MS)


def saved_all(page: Page, stem: str, kind: str, count: int) -> list[tuple[str, Path]]:
    """The files of a picture of which an experiment has several."""
    files: list[Download] = []

    def keep(file: Download) -> None:
        files.append(file)

    page.on("download", keep)
    page.get_by_label("Picture", exact=True).select_option(stem)
    page.get_by_role("button", name=f"Save as {kind}").click()
    names = ", ".join(f"perceptorium_{stem}{f'_{k + 1}' if k else ''}.{kind.lower()}" for k in range(count))
    expect(network(page).get_by_text(f"Saved {names}.")).to_be_visible()
    while len(files) < count:
        page.wait_for_timeout(20)
    page.remove_listener("download", keep)
    assert sorted(file.suggested_filename for file in files) == sorted(names.split(", "))
    return [(file.suggested_filename, Path(file.path())) for file in files]

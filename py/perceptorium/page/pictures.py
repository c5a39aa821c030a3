"""A figure of the page as a file that looks the same anywhere: an SVG without a stylesheet, or a PNG of it."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

PROPERTIES = (
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "image-rendering",
    "opacity",
    "paint-order",
    "shape-rendering",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "vector-effect",
    "visibility",
)
"""What a stylesheet may set of a shape or a text, written on each of them."""

_OF_A_GROUP = ("display", "opacity", "visibility")
_ONLY_FOR_THE_PAGE = ".hit, .sensor, .probe"
_TRANSPARENT = "rgba(0, 0, 0, 0)"

SCALE = 2
"""Pixels of a PNG for each unit of the figure."""


def to_svg(document: Any, window: Any, figure: Any) -> str:
    """The figure as a file's text, as large as its own units say, on the ground that it has on the page."""
    copy = figure.cloneNode(True)
    _write_styles(window, figure, copy)
    marked = copy.querySelectorAll("*")
    for k in range(marked.length):
        _strip(marked.item(k))
    unwanted = copy.querySelectorAll("[unwanted]")
    for k in range(unwanted.length):
        unwanted.item(k).remove()
    _strip(copy)
    width, height = size(figure)
    copy.setAttribute("width", f"{width:g}")
    copy.setAttribute("height", f"{height:g}")
    ground = document.createElementNS("http://www.w3.org/2000/svg", "rect")
    for name, value in (("width", "100%"), ("height", "100%"), ("fill", _ground(window, figure))):
        ground.setAttribute(name, value)
    copy.insertBefore(ground, copy.firstChild)
    return str(window.XMLSerializer.new().serializeToString(copy))


async def to_png(document: Any, window: Any, figure: Any) -> bytes:
    """The figure as PNG, `SCALE` pixels a unit."""
    image = window.Image.new()
    image.src = f"data:image/svg+xml;charset=utf-8,{window.encodeURIComponent(to_svg(document, window, figure))}"
    await image.decode()
    width, height = size(figure)
    canvas = document.createElement("canvas")
    canvas.width, canvas.height = round(SCALE * width), round(SCALE * height)
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height)
    return b64decode(str(canvas.toDataURL("image/png")).partition(",")[2])


def size(figure: Any) -> tuple[float, float]:
    """Width and height of a figure in its own units."""
    box = figure.viewBox.baseVal
    return float(box.width), float(box.height)


def _write_styles(window: Any, figure: Any, copy: Any) -> None:
    """Write what the stylesheet says of each element on its copy, and mark the copies that are not for a file."""
    originals, copies = figure.querySelectorAll("*"), copy.querySelectorAll("*")
    for k in range(originals.length):
        original, twin = originals.item(k), copies.item(k)
        tag = str(original.localName)
        if original.matches(_ONLY_FOR_THE_PAGE):
            twin.setAttribute("unwanted", "")
        elif tag not in ("title", "desc"):
            style = window.getComputedStyle(original)
            for name in _OF_A_GROUP if tag in ("g", "svg") else PROPERTIES:
                twin.setAttribute(name, style.getPropertyValue(name))


def _strip(element: Any) -> None:
    """Take off what means something to the page only."""
    for name in [str(name) for name in element.getAttributeNames()]:
        if name.startswith(("data-", "aria-")) or name in ("class", "role", "tabindex", "id"):
            element.removeAttribute(name)


def _ground(window: Any, figure: Any) -> str:
    """The colour behind a figure."""
    element = figure
    while element:
        colour = str(window.getComputedStyle(element).backgroundColor)
        if colour != _TRANSPARENT:
            return colour
        element = element.parentElement
    return "white"

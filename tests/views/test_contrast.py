"""Text stands out from what is behind it: WCAG 2.2 AA, 4.5 to 1, in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = (Path(__file__).parents[2] / "web" / "style.css").read_text()
TEXTS = ["ink", "muted", "accent", "py-keyword", "py-number", "py-string", "py-name", "py-builtin"]
GROUNDS = ["ground", "panel", "mark", "hover"]


def themes() -> dict[str, dict[str, str]]:
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", STYLE)
    return {"light": {name: light for name, light, _ in pairs}, "dark": {name: dark for name, _, dark in pairs}}


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text(theme: str, ground: str, text: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_and_lines(theme: str) -> None:
    colours = themes()[theme]
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5
    for graphic in ("control", "positive", "negative", "accent"):
        assert contrast(colours[graphic], colours["panel"]) >= 3
        assert contrast(colours[graphic], colours["ground"]) >= 3

"""Numbers on screen keep their length and never lie about zero."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perceptorium.views.numbers import FIGURE_SPACE, MINUS, fixed, loss_text, percent, short


def read(text: str) -> float:
    return float(text.strip(FIGURE_SPACE).replace(MINUS, "-").replace("∞", "inf"))


@given(st.floats(-1e300, 1e300) | st.sampled_from([math.nan, math.inf, -math.inf]), st.integers(5, 9))
def test_fixed_has_its_width_and_its_value(value: float, width: int) -> None:
    text = fixed(value, width)
    assert len(text) == width
    if "≈" in text:
        assert abs(value) > 1e9 or abs(value) < 1e-9
    elif math.isnan(value):
        assert text.strip(FIGURE_SPACE) == "NaN"
    else:
        assert read(text) == pytest.approx(value, rel=0.5)
        assert (read(text) == 0) == (value == 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5178, "\u20070.52"),
        (-1.31, "−1.31"),
        (12.345, "\u200712.3"),
        (0.0, "\u20070.00"),
        (-0.0000412, "−4e−5"),
        (1234.5, "\u20071234"),
        (1e7, "\u2007\u20071e7"),
        (float("-inf"), "\u2007\u2007\u2007−∞"),
    ],
)
def test_fixed_examples(value: float, text: str) -> None:
    assert fixed(value) == text


def test_readings_are_bare_numbers() -> None:
    assert [loss_text(v) for v in (0.25, 0.00123456, 0.0, 1e-12, math.nan)] == [
        "0.25000000",
        "0.00123456",
        "0.00000000",
        "1.00e-12",
        "NaN",
    ]
    assert [percent(v) for v in (0, 0.75, 2 / 3, 1)] == ["0", "75", "66.7", "100"]
    assert short(-1.309999) == "−1.31"

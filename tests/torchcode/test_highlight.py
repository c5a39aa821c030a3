"""Highlighting colours the text and never changes it, with Pygments or without."""

from __future__ import annotations

import sys

import pytest

from perceptorium.experiment import Experiment
from perceptorium.torchcode import generate
from perceptorium.torchcode.highlight import Span, highlight

TEXTS = [
    generate(Experiment().program()).text,
    generate(Experiment(batch_size=2, shuffle=True).program(), "exact").text,
    "",
    "\n",
    "\n\n  x = 'open\n\t# é ٣",
    "no newline at the end",
    '"""a\n\nb"""\n',
]


@pytest.fixture(params=["pygments", "plain"])
def pygments(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "plain":
        monkeypatch.setitem(sys.modules, "pygments.lexers.python", None)
    return str(request.param)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.usefixtures("pygments")
def test_the_spans_are_the_text(text: str) -> None:
    lines = text.split("\n")
    if text.endswith("\n"):
        lines.pop()
    assert ["".join(span.text for span in line) for line in highlight(text)] == lines
    assert all(span.text for line in highlight(text) for span in line)


def test_kinds() -> None:
    (line,) = highlight("for epoch in range(1000):  # epochs")
    assert line == (
        Span("keyword", "for"),
        Span("plain", " epoch "),
        Span("keyword", "in"),
        Span("plain", " "),
        Span("name", "range"),
        Span("plain", "("),
        Span("number", "1000"),
        Span("plain", "):  "),
        Span("comment", "# epochs"),
    )
    kinds = {span.text.strip(): span.kind for line in highlight(TEXTS[0]) for span in line}
    assert kinds["XORNet"] == "class"
    assert kinds["forward"] == "function"
    assert kinds["class"] == "keyword"


def test_without_pygments_a_line_is_one_plain_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygments.lexers.python", None)
    assert highlight("a = 1\n\nb") == ((Span("plain", "a = 1"),), (), (Span("plain", "b"),))

"""Colours for Python text, as data: which span of a line is a keyword, a number, a string.

Pygments reads the Python. It is imported on first use and may be absent (in the browser it arrives after
the page is ready): then every line is one plain span, and the text is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line. kind: plain keyword name function class string number comment operator."""

    kind: str
    text: str


# Pygments' token types by their beginnings, the most specific first.
_KINDS = (
    ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"),
    ("Token.Name.Class", "class"),
    ("Token.Name.Function", "function"),
    ("Token.Name.Builtin", "name"),
    ("Token.Literal.String.Interpol", "operator"),
    ("Token.Literal.String.Affix", "keyword"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "number"),
    ("Token.Comment", "comment"),
    ("Token.Operator", "operator"),
)


def highlight(text: str) -> tuple[tuple[Span, ...], ...]:
    """The spans of each line of `text`; joined, they are the lines without their newlines."""
    try:
        lexer = import_module("pygments.lexers.python").PythonLexer(stripnl=False, ensurenl=False)
    except ImportError:
        return tuple((Span("plain", line),) if line else () for line in _lines(text))
    lines: list[list[Span]] = [[]]
    for token, value in lexer.get_tokens(text):
        kind = next((ours for theirs, ours in _KINDS if str(token).startswith(theirs)), "plain")
        for position, piece in enumerate(value.split("\n")):
            if position:
                lines.append([])
            if piece:
                _append(lines[-1], kind, piece)
    if text.endswith("\n"):
        lines.pop()
    return tuple(tuple(line) for line in lines)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines[:-1] if text.endswith("\n") else lines


def _append(line: list[Span], kind: str, text: str) -> None:
    """Joins what Pygments splits but we show alike, so that a line has few spans."""
    if line and line[-1].kind == kind:
        line[-1] = Span(kind, line[-1].text + text)
    else:
        line.append(Span(kind, text))

"""What all concepts' panels share: words, controls and figure on one side, the program and its output on the other."""

from __future__ import annotations

from functools import lru_cache

from perceptorium.session import State
from perceptorium.session.concepts import Concept
from perceptorium.torchcode.highlight import Span, highlight
from perceptorium.views.markup import Child, Element, h

ERRORS = ("RuntimeError: ", "IndexError: ")


def frame_of(state: State, concept: str) -> tuple[object, ...]:
    """All that a concept's panel shows."""
    refusal = state.concepts.refusal
    return (
        getattr(state.concepts, concept),
        refusal if refusal and refusal.concept == concept else None,
        state.highlighting,
    )


def panel(state: State, concept: str, title: str, *, words: Child, body: Child) -> Element:
    """A concept: ``words`` explain it, ``body`` is its controls, figure and formulas."""
    settings: Concept = getattr(state.concepts, concept)
    refusal = state.concepts.refusal
    complaint = refusal.sentence if refusal and refusal.concept == concept else ""
    return h(
        "div",
        h("h3", title),
        h("p", words, class_="lead"),
        h(
            "div",
            h("div", body, h("p", complaint, class_="refusal", role="status"), class_="concept-figure"),
            h("div", _program(settings.code(), title, state.highlighting), _printed(settings.printed(), title),
              class_="concept-code"),
            class_="concept-body",
        ),
        role="region",
        aria_label=title,
        class_="concept",
    )  # fmt: skip


def _program(text: str, title: str, coloured: bool) -> Element:
    lines = _coloured(text) if coloured else tuple((Span("plain", line),) for line in text.splitlines())
    spans: list[Child] = []
    for line in lines:
        spans += [span.text if span.kind == "plain" else _span(span.kind, span.text) for span in line]
        spans.append("\n")
    return h("pre", h("code", spans), tabindex=0, role="group", aria_label=f"{title}: program")


def _span(kind: str, text: str) -> Element:
    return h("span", text, class_=f"py-{kind}")


@lru_cache(maxsize=12)
def _coloured(text: str) -> tuple[tuple[Span, ...], ...]:
    return highlight(text)


def _printed(text: str, title: str) -> Element:
    failed = text.rpartition("\n")[2].startswith(ERRORS)
    before, _, last = text.rpartition("\n")
    shown: Child = (f"{before}\n", h("strong", last, class_="error")) if failed else text
    note = "Python stops here, with PyTorch's own sentence:" if failed else "PyTorch prints:"
    return h(
        "div",
        h("p", note, class_="hint"),
        h("pre", h("samp", shown), tabindex=0, role="group", aria_label=f"{title}: output"),
        class_="printed",
    )

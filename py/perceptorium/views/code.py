"""The region *PyTorch code*: the program of what is on screen, what each line means, and its downloads."""

from __future__ import annotations

from functools import lru_cache

from perceptorium.session import State
from perceptorium.session.coding import source
from perceptorium.session.state import Edit
from perceptorium.torchcode import Line, Part
from perceptorium.torchcode.generate import PROMISES
from perceptorium.torchcode.highlight import Span, highlight
from perceptorium.views.controls import button, radios
from perceptorium.views.markup import Element, h

FORMS = (("listing", "Listing"), ("exact", "Exact"))


def code(state: State) -> Element:
    """The program as it would be copied, or the learner's edit of it."""
    body = _program(state) if state.edit is None else _editor(state.edit)
    return h(
        "div",
        h(
            "div",
            h("h3", "PyTorch code"),
            radios("Form", "form", FORMS, state.form, "form"),
            button("Edit", "edit") if state.edit is None else button("Back to generated code", "end-edit"),
            class_="group code-head",
        ),
        body,
        h("p", _meaning(state), class_="meaning", role="status"),
        h(
            "div",
            button("Copy code", "copy-code"),
            button("Download script", "download:script"),
            button("Download notebook", "download:notebook"),
            button("Download weights", "download:weights"),
            class_="group downloads",
        ),
        role="region",
        aria_label="PyTorch code",
        class_="code",
    )


def code_frame(state: State) -> tuple[object, ...]:
    """The program, the line that is read or runs, and an edit; the program's own text changes with its source."""
    return source(state), state.form, state.line, _running(state), state.edit, state.highlighting, state.changed_at


def _program(state: State) -> Element:
    program, running = source(state), _running(state)
    coloured = _coloured(program.text) if state.highlighting else None
    lines = (
        _line(number, line, coloured[number - 1] if coloured else (Span("plain", line.text),), running, state.line)
        for number, line in enumerate(program.lines, start=1)
    )
    # A list box, because only in one do screen readers leave the arrow keys to the page.
    return h("pre", h("code", *lines, role="listbox", aria_label="Program"))


def _line(number: int, line: Line, spans: tuple[Span, ...], running: tuple[int, ...], read: int | None) -> Element:
    marks = ["code-line", *(["running"] if number in running[-1:] else ["waiting"] if number in running else [])]
    return h(
        "span",
        *(span.text if span.kind == "plain" else h("span", span.text, class_=f"py-{span.kind}") for span in spans),
        "\n",
        class_=" ".join([*marks, "read"] if number == read else marks),
        role="option",
        aria_label=None if line.text.strip() else "empty line",
        aria_selected="true" if number == read else "false",
        tabindex=0 if number == (read or 1) else -1,
        data_line=number,
        data_parts=" ".join(map(part_token, line.parts)) or None,
        data_keys="code",
        aria_current="step" if number in running[-1:] else None,
    )


def part_token(part: Part) -> str:
    """A part's name in ``data-part``, such as ``forward-2``; what lies further down is named further on."""
    return "-".join(str(piece) for piece in (part.kind, part.layer, part.neuron) if piece is not None)


@lru_cache(maxsize=4)
def _coloured(text: str) -> tuple[tuple[Span, ...], ...]:
    return highlight(text)


def _editor(edit: Edit) -> Element:
    problems = (h("li", problem) for problem in edit.problems)
    return h(
        "div",
        h("textarea", edit.initial, aria_label="Edit the program", data_input="edit-code", spellcheck="false",
          autocomplete="off", aria_invalid="true" if edit.problems else None),
        h("div", h("ul", *problems), class_="problems", role="alert", hidden=not edit.problems),
        class_="editor",
    )  # fmt: skip


def _meaning(state: State) -> str:
    """What the line that is read means, with the shapes that meet in it; else what this form promises."""
    if state.edit is not None:
        sentence = "The network follows what you change: layers, activation, lr, loss, optimizer, epochs."
        return sentence if not state.edit.problems else "The network is as it was: the edit is not understood yet."
    if state.form == "exact" and state.changed_at is not None and state.line is None:
        return f"This run was changed at epoch {state.changed_at}, which the program does not repeat: Reset to compare."
    lines = source(state).lines
    if state.line is None or state.line > len(lines):
        return f"{dict(FORMS)[state.form]}: {PROMISES[state.form]}"
    line = lines[state.line - 1]
    return " ".join(filter(None, (line.explanation, line.shapes and f"[{line.shapes}]"))) or "An empty line."


def _running(state: State) -> tuple[int, ...]:
    if state.playback is None or state.playback.frame.phase is None:
        return ()
    return source(state).running(state.playback.frame.phase)

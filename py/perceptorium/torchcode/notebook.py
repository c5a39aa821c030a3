"""The program as a Jupyter notebook: the same lines in the same order, with a few words before each part.

nbformat 4.5 is plain JSON, described at https://nbformat.readthedocs.io/en/latest/format_description.html.
"""

from __future__ import annotations

import json

from perceptorium.torchcode.generate import PROMISES, Form, generate
from perceptorium.torchcode.program import Program
from perceptorium.torchcode.source import Line, Section


def notebook(program: Program, form: Form = "listing") -> str:
    """The text of an .ipynb file for Jupyter or Colab. Raises as `generate` does."""
    sizes = "-".join(map(str, program.sizes))
    cells = [_markdown("title", f"# {program.dataset} with a {sizes} network\n\n{PROMISES[form]}")]
    sections = (*generate(program, form).sections, _result(program))
    for number, section in enumerate(sections, start=1):
        code = "\n".join(line.text for line in section.lines)
        cells += [
            _markdown(f"about-{number}", f"## {section.title}\n\n{section.introduction}"),
            {**_cell(f"code-{number}", "code", code), "execution_count": None, "outputs": []},
        ]
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _result(program: Program) -> Section:
    output = "torch.sigmoid(model(X))" if program.logits else "model(X)"
    return Section(
        title="The result",
        introduction="Each row: the inputs, the target, and what the trained network says.",
        lines=(
            Line("with torch.no_grad():"),
            Line(f"    print(torch.cat([X, y, {output}], dim=1))"),
        ),
    )


def _markdown(identifier: str, text: str) -> dict[str, object]:
    return _cell(identifier, "markdown", text)


def _cell(identifier: str, kind: str, text: str) -> dict[str, object]:
    return {"cell_type": kind, "id": identifier, "metadata": {}, "source": text.splitlines(keepends=True)}

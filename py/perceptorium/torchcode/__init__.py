"""The PyTorch program of an experiment: its text, what each line means, and the way back from an edited text.

`generate` is all that the first picture needs. The rest is imported from its module when it is first used,
so that it does not delay the page: `edit.read`, `highlight.highlight`, `notebook.notebook`,
`weights.loader`.
"""

from perceptorium.torchcode.generate import PROMISES, Form, generate
from perceptorium.torchcode.program import Program
from perceptorium.torchcode.source import Line, Part, Section, Source

__all__ = ["PROMISES", "Form", "Line", "Part", "Program", "Section", "Source", "generate"]

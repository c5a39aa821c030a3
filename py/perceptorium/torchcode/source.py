"""A generated program, line by line, with what each line means.

A `Part` is the name of something on the page: a layer, the learning rate, a phase of the training step.
Lines carry parts, so the page goes from a line to what it means and from a neuron to its lines with one
comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from perceptorium.engine import Phase


@dataclass(frozen=True, slots=True)
class Part:
    """What a line is about.

    kind is one of
      library, module, model, criterion, optimiser, learning_rate, momentum, inputs, targets, batches,
      epochs, report; layer (the definition of nn.Linear number `layer`), weights (its starting values; with
      `neuron`, those of one neuron), activation; the phases zero_grad, forward (with `layer`; without, the
      call of the whole model), loss, backward, step.
    layer and neuron count from 1, as fc1 and the page's "Hidden 1 neuron 1" do.
    """

    kind: str
    layer: int | None = None
    neuron: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the program; `explanation` is one sentence, `shapes` the tensors that meet in it, or ""."""

    text: str
    parts: tuple[Part, ...] = ()
    explanation: str = ""
    shapes: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together, a notebook's words about them, and the empty lines before them."""

    title: str
    introduction: str
    lines: tuple[Line, ...]
    space: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A whole program. `lines[i]` is line i + 1 of `text`; `reports` are the epochs whose loss it prints."""

    sections: tuple[Section, ...]
    reports: tuple[int, ...]
    lines: tuple[Line, ...] = field(init=False)

    def __post_init__(self) -> None:
        first, *others = self.sections
        spaced = (line for section in others for line in (*[Line("")] * section.space, *section.lines))
        object.__setattr__(self, "lines", (*first.lines, *spaced))

    @property
    def text(self) -> str:
        """The program as it is shown, copied and downloaded; ends with a newline."""
        return "\n".join(line.text for line in self.lines) + "\n"

    def numbers(self, part: Part) -> tuple[int, ...]:
        """The lines (counted from 1) about `part`; a part without layer or neuron stands for all of them."""
        return tuple(
            number
            for number, line in enumerate(self.lines, start=1)
            if any(_covers(part, candidate) for candidate in line.parts)
        )

    def running(self, phase: Phase) -> tuple[int, ...]:
        """The lines (counted from 1) that a debugger would mark at `phase`: callers first, the running line
        last.

        A forward phase runs inside forward(), so it has two: the loop's `output = model(X)`, which waits,
        and the line of that layer. Each other phase is one line of the loop: backward through any layer is
        `loss.backward()`, because autograd walks back through the layers inside that one call.
        """
        if phase.kind == "forward":
            called = self.numbers(Part("forward", phase.layer))
            return self._exactly(Part("forward")) + called
        return self.numbers(Part(phase.kind))

    def _exactly(self, part: Part) -> tuple[int, ...]:
        return tuple(number for number, line in enumerate(self.lines, start=1) if part in line.parts)


def _covers(wanted: Part, candidate: Part) -> bool:
    return (
        wanted.kind == candidate.kind
        and wanted.layer in (None, candidate.layer)
        and wanted.neuron in (None, candidate.neuron)
    )

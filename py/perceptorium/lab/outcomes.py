"""What became of the networks of one row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

NOT_RUN, LEARNED, STUCK, DIVERGED = range(4)
RISE = 0.001
NAMES = ("not run", "learned", "stuck", "diverged")


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Per network, in the order of the seeds.

    `kind` (n,) is one of NOT_RUN, LEARNED, STUCK (its epochs are over) and DIVERGED; `epochs` (n,) are those that it
    trained until then; `rises` (n,) counts the epochs after which its loss was higher than before, by
    at least the share `RISE`: below that, rounding would be counted too.
    """

    kind: Ints
    epochs: Ints
    rises: Ints

    @classmethod
    def none(cls, networks: int) -> Outcomes:
        """Of networks that have not been run."""
        return cls(*(np.zeros(networks, np.int64) for _ in range(3)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcomes) and all(
            np.array_equal(ours, theirs) for ours, theirs in zip(self.arrays(), other.arrays(), strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """The three columns."""
        return self.kind, self.epochs, self.rises

    def put(self, parts: Iterable[tuple[int, Outcomes]]) -> Outcomes:
        """These outcomes with parts of them, each from a first network on."""
        columns = [column.copy() for column in self.arrays()]
        for start, part in parts:
            for column, piece in zip(columns, part.arrays(), strict=True):
                column[start : start + len(piece)] = piece
        return Outcomes(*columns)

    @property
    def done(self) -> int:
        """How many networks have been run."""
        return int((self.kind != NOT_RUN).sum())

    def has_run(self, start: int, stop: int) -> bool:
        """Whether the networks from `start` to `stop` have been run."""
        return bool((self.kind[start:stop] != NOT_RUN).all())

    @property
    def convergence(self) -> Ints:
        """Epochs of the networks that have learned."""
        return np.asarray(self.epochs[self.kind == LEARNED])

    @property
    def failed(self) -> tuple[int, ...]:
        """Numbers k of the networks that were run and have not learned."""
        return tuple(int(k) for k in np.flatnonzero(self.kind > LEARNED))

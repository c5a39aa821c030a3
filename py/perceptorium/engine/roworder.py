"""In which order an epoch takes the rows: a pure function of seed and epoch, so nothing has to be remembered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .checks import whole_number


def row_order(rows: int, seed: int | Sequence[int], epoch: int) -> npt.NDArray[np.intp]:
    """Return the shuffled row numbers of epoch `epoch` (0 is the first), shape (rows,).

    With a sequence of seeds each network of an ensemble has an order of its own: shape (seeds, rows). The order of
    one network does not depend on which others are in its ensemble.
    """
    rows = whole_number("rows", rows, 1, "it has to be 1 or more")
    if isinstance(seed, Sequence):
        return np.stack([row_order(rows, each, epoch) for each in seed])
    seed = whole_number("seed", seed, 0, "a seed is a whole number, 0 or more")
    epoch = whole_number("epoch", epoch, 0, "it has to be 0 or more")
    return np.random.default_rng((seed, epoch)).permutation(rows)

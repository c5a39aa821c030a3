"""Where everything lies in a kernel's memory.

Address 0 holds the settings of a call. What follows is placed anew for every kind of call (`Plan`) and its addresses
are settings too, so data, batch and number of networks may change without a new kernel:

    settings | x | y | row orders | networks | losses | accuracies        a training
    settings | x | networks | outputs                                     a prediction

Everything up to the networks is written before a call, everything from the networks on is read after it: one copy
each. A network is a `Block`; in an ensemble that is computed two by two, two networks share one, their numbers
interleaved.
"""

from dataclasses import dataclass
from itertools import accumulate

from .optimisers import OPTIMISERS
from .spec import KernelSpec

VECTOR = 16  # bytes of a v128, the unit in which everything is laid out
NUMBER, INDEX = 8, 4
ROUND = 8  # vectors that the optimiser's loop updates in a round, at most

# Settings: four f64, nine i32.
STOP_BELOW, CONSTANTS = 0, NUMBER  # three constants of the optimiser
ROWS, BATCH, X, Y, ORDER, ORDER_STRIDE, LOSSES, ACCURACIES, RECORD_STRIDE = range(32, 68, INDEX)
SETTINGS_FORMAT, SETTINGS_BYTES = "<4d9i", 80

# A block begins with numbers that belong to the network as a whole, a vector each; there are two clocks.
LEARNING_RATE, CLOCKS, CORRECT, EPOCHS, HEALTH = 0, VECTOR, 3 * VECTOR, 4 * VECTOR, 5 * VECTOR
PARAMETERS = 6 * VECTOR


@dataclass(frozen=True, slots=True)
class Block:
    """The inside of a block: header, parameters, gradients, the optimiser's slots.

    `networks` is how many networks share it: number p of network k is number `p * networks + k` of a part. A part is
    `part` bytes long, a multiple of `stride`, which is how far the optimiser goes in one round of its loop.
    """

    networks: int
    part: int
    stride: int
    gradients: int
    slots: tuple[int, ...]
    size: int

    @classmethod
    def of(cls, spec: KernelSpec) -> "Block":
        """The block of this spec's kernel."""
        networks = 2 if spec.lanes == "networks" else 1
        vectors = -(-spec.parameter_count * networks * NUMBER // VECTOR)
        rounds = -(-vectors // ROUND)
        stride = -(-vectors // rounds) * VECTOR
        part = rounds * stride
        parts = 2 + OPTIMISERS[spec.optimiser].slots
        starts = tuple(range(PARAMETERS, PARAMETERS + part * parts, part))
        return cls(networks, part, stride, starts[1], starts[2:], PARAMETERS + part * parts)


@dataclass(frozen=True, slots=True)
class Plan:
    """Addresses for one kind of call."""

    x: int
    y: int
    order: int
    blocks: int
    losses: int
    accuracies: int
    outputs: int
    end: int
    block_count: int
    record_stride: int

    @classmethod
    def of_training(cls, spec: KernelSpec, networks: int, rows: int, orders: int, epochs: int) -> "Plan":
        """`orders`: how many row orders are given, 1 or one for every epoch."""
        # One index more than there is: a last row without a partner loads the one that would follow, and ignores it.
        return cls._placed(spec, networks, rows=rows, targets=rows, indices=rows * orders + 1, records=epochs + 1)

    @classmethod
    def of_prediction(cls, spec: KernelSpec, rows: int) -> "Plan":
        """One network's outputs for these rows."""
        return cls._placed(spec, 1, rows=rows, outputs=rows)

    @classmethod
    def _placed(
        cls,
        spec: KernelSpec,
        networks: int,
        rows: int,
        targets: int = 0,
        indices: int = 0,
        records: int = 0,
        outputs: int = 0,
    ) -> "Plan":
        block = Block.of(spec)
        blocks = -(-networks // block.networks)
        stride = blocks * block.networks * NUMBER
        sizes = (
            rows * spec.sizes[0] * NUMBER,
            targets * spec.sizes[-1] * NUMBER,
            indices * INDEX,
            blocks * block.size,
            records * stride,
            records * stride,
            outputs * spec.sizes[-1] * NUMBER,
        )
        x, y, order, first, losses, accuracies, results, end = accumulate(map(_rounded, sizes), initial=SETTINGS_BYTES)
        return cls(x, y, order, first, losses, accuracies, results, end, blocks, stride)


def _rounded(size: int) -> int:
    return -(-size // VECTOR) * VECTOR

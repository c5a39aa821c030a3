"""What two numbers side by side mean.

The same code trains one network on two rows of the data at once, two networks of an ensemble on the same row, or,
without SIMD, one network on one row. Only reading and writing memory differ, and that is all here:

    lanes       a value holds     a parameter is      a feature is        a loss is
    "rows"      two rows          one, in both lanes  one of each row     one: the sum over lanes
    "networks"  two networks      one of each         one, in both lanes  one for each network
    "one"       one number        one                 one                 one
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .assembler import Function, load, load_pair, load_splat
from .encoding import F64, I32, V128
from .expression import ALL_BITS, Expr, bit_pattern, constant, interleaved_sums, keep, simd, splat, sum_of_lanes, where
from .memory import INDEX, NUMBER, VECTOR


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that are processed together: their indices (i32), and a mask of those that belong to the batch."""

    indices: tuple[Expr, ...]
    mask: Expr | None


@dataclass(frozen=True, slots=True)
class Lanes:
    """One row of the table above. `value`: type of a value in the layers; `total`: type of a network's own numbers."""

    value: str
    total: str
    rows: int

    @property
    def parameter_bytes(self) -> int:
        """Distance between neighbouring parameters."""
        return VECTOR if self.total == V128 else NUMBER

    @property
    def step_bytes(self) -> int:
        """How much of the parameters one instruction updates."""
        return VECTOR if self.value == V128 else NUMBER

    def network_number(self, block: Expr, offset: int) -> Expr:
        """A number of the network, a parameter or of the header, ready to meet values."""
        if self.rows == 2:
            return load_splat(block, offset)
        return load(self.value, block, offset)

    def setting(self, offset: int) -> Expr:
        """A setting, the same for all lanes."""
        address = constant(I32, 0)
        return load_splat(address, offset) if self.value == V128 else load(F64, address, offset)

    def rows_in_order(self, f: Function, order: Expr, position: Expr, count: Expr) -> Rows:
        """The rows at this position of a batch of `count`, through the row order at address `order`."""
        first = f.let(order + position * INDEX)
        return self._rows(f, position, count, load(I32, first), load(I32, first, INDEX))

    def rows_in_sequence(self, f: Function, position: Expr, count: Expr) -> Rows:
        """Row `position` and, where a value holds two, the next."""
        return self._rows(f, position, count, position, position + 1)

    def _rows(self, f: Function, position: Expr, count: Expr, first: Expr, second: Expr) -> Rows:
        if self.rows == 1:
            return Rows((f.let(first),), None)
        # A last row without a partner is its own partner, and the mask removes it from every sum.
        is_pair = f.let(position + 1 < count)
        first = f.let(first)
        second = f.let(where(is_pair, second, first))
        low_lane = Expr(V128, simd(0x0C) + b"\xff" * 8 + b"\0" * 8)
        return Rows((first, second), f.let(where(is_pair, bit_pattern(V128, ALL_BITS), low_lane)))

    def features(self, f: Function, table: Expr, rows: Rows, columns: int) -> list[Expr]:
        """The columns of these rows of an f64 table."""
        addresses = [f.let(table + index * (columns * NUMBER)) for index in rows.indices]
        offsets = range(0, columns * NUMBER, NUMBER)
        if self.rows == 2:
            return [f.let(load_pair(addresses[0], addresses[1], offset)) for offset in offsets]
        if self.value == V128:
            return [f.let(load_splat(addresses[0], offset)) for offset in offsets]
        return [f.let(load(F64, addresses[0], offset)) for offset in offsets]

    def within(self, rows: Rows, x: Expr) -> Expr:
        """`x`, with 0 in place of a row that does not belong to the batch."""
        return x if rows.mask is None else keep(rows.mask, x)

    def total_of(self, x: Expr) -> Expr:
        """A sum over rows as a number of the network. Pass a local."""
        return sum_of_lanes(x) if self.rows == 2 else x

    def store_totals(self, f: Function, block: Expr, offset: int, sums: Sequence[Expr]) -> None:
        """Write sums over rows as neighbouring numbers of the network. Pass locals."""
        if self.rows == 1:
            for index, value in enumerate(sums):
                f.store(block, value, offset + index * self.parameter_bytes)
            return
        for index in range(0, len(sums) - 1, 2):
            f.store(block, interleaved_sums(sums[index], sums[index + 1]), offset + index * NUMBER)
        if len(sums) % 2:
            # Alone: what lies behind the last parameter has the gradient 0, so that it stays 0 too.
            f.store(block, sum_of_lanes(sums[-1]), offset + (len(sums) - 1) * NUMBER)

    def as_total(self, x: Expr) -> Expr:
        """The f64 as a number of every network."""
        return splat(x) if self.total == V128 else x

    def as_value(self, x: Expr) -> Expr:
        """The f64 in all lanes of a value."""
        return splat(x) if self.value == V128 else x


LANES = {"rows": Lanes(V128, F64, 2), "networks": Lanes(V128, V128, 1), "one": Lanes(F64, F64, 1)}

"""Arithmetic that writes WebAssembly: an `Expr` is the code that leaves one value on the stack.

`a + b` is the code of `a`, the code of `b`, and one add instruction, so that the mathematics of a kernel reads like
mathematics. Every operation exists twice: on one number (`f64`) and on two numbers side by side (`v128`, read as
f64x2). Which instruction is written follows from the operand, so each formula is written once and serves both.

A comparison gives a mask: `i32` 0 or 1 for numbers, all bits of a lane set or clear for `v128`.
`where`, `keep`, `&`, `|` and `~` accept either.

An `Expr` is evaluated wherever its code is placed, every time; `Function.let` keeps a value for use more than once.
"""

import struct
from functools import lru_cache

from .encoding import F64, I32, V128, signed, unsigned


def simd(number: int) -> bytes:
    """A SIMD instruction: the prefix 0xFD and its number."""
    return b"\xfd" + unsigned(number)


# instruction: (one number, two numbers side by side)
BINARY = {
    "+": (b"\xa0", simd(0xF0)),
    "-": (b"\xa1", simd(0xF1)),
    "*": (b"\xa2", simd(0xF2)),
    "/": (b"\xa3", simd(0xF3)),
    "max": (b"\xa5", simd(0xF5)),
    "==": (b"\x61", simd(0x47)),
    "<": (b"\x63", simd(0x49)),
    ">": (b"\x64", simd(0x4A)),
    "<=": (b"\x65", simd(0x4B)),
}
UNARY = {
    "abs": (b"\x99", simd(0xEC)),
    "neg": (b"\x9a", simd(0xED)),
    "sqrt": (b"\x9f", simd(0xEF)),
    "nearest": (b"\x9e", simd(0x94)),
}
INTEGER = {"+": b"\x6a", "-": b"\x6b", "*": b"\x6c", "==": b"\x46", "<": b"\x48", ">": b"\x4a", "<=": b"\x4c"}
INTEGER |= {"&": b"\x71", "|": b"\x72"}
VECTOR_BITS = {"&": simd(0x4E), "|": simd(0x50)}
SELECT, BITSELECT, ANY_TRUE = b"\x1b", simd(0x52), simd(0x53)
BITS_OF, NUMBER_OF = b"\xbd", b"\xbf"  # i64.reinterpret_f64, f64.reinterpret_i64
ALL_BITS = (1 << 64) - 1
ADD, MULTIPLY = BINARY["+"], BINARY["*"]


class Expr:
    """Code that leaves one value of type `kind` on the stack.

    Operands of `+ - * /` and comparisons are expressions of the same kind, or Python numbers.
    """

    __slots__ = ("code", "kind")

    def __init__(self, kind: str, code: bytes) -> None:
        self.kind = kind
        self.code = code

    def _with(self, operation: str, other: "Expr | float", comparison: bool = False) -> "Expr":
        kind = self.kind
        right = other.code if isinstance(other, Expr) else constant(kind, other).code
        if kind == I32:
            return Expr(I32, self.code + right + INTEGER[operation])
        result = I32 if comparison and kind == F64 else kind
        return Expr(result, self.code + right + BINARY[operation][kind == V128])

    def __add__(self, other: "Expr | float") -> "Expr":
        return self._with("+", other)

    def __sub__(self, other: "Expr | float") -> "Expr":
        return self._with("-", other)

    def __rsub__(self, other: float) -> "Expr":
        return constant(self.kind, other)._with("-", self)

    def __mul__(self, other: "Expr | float") -> "Expr":
        return self._with("*", other)

    def __truediv__(self, other: "Expr | float") -> "Expr":
        return self._with("/", other)

    def __rtruediv__(self, other: float) -> "Expr":
        return constant(self.kind, other)._with("/", self)

    def __neg__(self) -> "Expr":
        return _unary("neg", self)

    def __abs__(self) -> "Expr":
        return _unary("abs", self)

    def __lt__(self, other: "Expr | float") -> "Expr":
        return self._with("<", other, comparison=True)

    def __le__(self, other: "Expr | float") -> "Expr":
        return self._with("<=", other, comparison=True)

    def __gt__(self, other: "Expr | float") -> "Expr":
        return self._with(">", other, comparison=True)

    def equals(self, other: "Expr | float") -> "Expr":
        """Mask of `self == other`; `==` itself keeps Python's meaning."""
        return self._with("==", other, comparison=True)

    def __and__(self, other: "Expr") -> "Expr":
        return Expr(self.kind, self.code + other.code + (VECTOR_BITS if self.kind == V128 else INTEGER)["&"])

    def __or__(self, other: "Expr") -> "Expr":
        return Expr(self.kind, self.code + other.code + (VECTOR_BITS if self.kind == V128 else INTEGER)["|"])

    def __invert__(self) -> "Expr":
        return Expr(self.kind, self.code + (simd(0x4D) if self.kind == V128 else b"\x45"))


@lru_cache(maxsize=512)
def constant(kind: str, value: float) -> Expr:
    """A number, in every lane."""
    if kind == I32:
        return Expr(I32, b"\x41" + signed(int(value)))
    bits = struct.pack("<d", value)
    return Expr(F64, b"\x44" + bits) if kind == F64 else Expr(V128, simd(0x0C) + bits + bits)


@lru_cache(maxsize=64)
def bit_pattern(kind: str, bits: int) -> Expr:
    """A 64-bit pattern, in every lane, as a number."""
    encoded = struct.pack("<Q", bits)
    return Expr(F64, b"\x44" + encoded) if kind == F64 else Expr(V128, simd(0x0C) + encoded + encoded)


def _unary(operation: str, x: Expr) -> Expr:
    return Expr(x.kind, x.code + UNARY[operation][x.kind == V128])


def sqrt(x: Expr) -> Expr:
    """Square root, correctly rounded."""
    return _unary("sqrt", x)


def nearest(x: Expr) -> Expr:
    """The nearest whole number, ties to even."""
    return _unary("nearest", x)


def larger(x: Expr, bound: float) -> Expr:
    """`bound` where `x < bound`, else `x`: a NaN stays a NaN, and SIMD needs one instruction (f64x2.pmax)."""
    limit = constant(x.kind, bound)
    # pmax(a, b) is "b if a < b else a"; f64.max is the scalar form that also keeps a NaN.
    return Expr(x.kind, x.code + limit.code + (simd(0xF7) if x.kind == V128 else BINARY["max"][0]))


def where(mask: Expr, yes: Expr, no: Expr) -> Expr:
    """`yes` in the lanes where the mask holds, `no` in the others. Both are evaluated."""
    if mask.kind == V128:
        return Expr(yes.kind, yes.code + no.code + mask.code + BITSELECT)
    return Expr(yes.kind, yes.code + no.code + mask.code + SELECT)


def keep(mask: Expr, x: Expr) -> Expr:
    """`x` where the mask holds, 0 elsewhere; unlike a product with 0 this also removes NaN and infinity."""
    if mask.kind == V128:
        return Expr(V128, x.code + mask.code + VECTOR_BITS["&"])
    return where(mask, x, constant(x.kind, 0.0))


def any_of(mask: Expr) -> Expr:
    """i32: whether the mask holds in any lane."""
    return Expr(I32, mask.code + ANY_TRUE) if mask.kind == V128 else mask


def sum_of_lanes(x: Expr) -> Expr:
    """f64: the sum of both lanes. `x` is evaluated twice, so pass a local."""
    return Expr(F64, x.code + simd(0x21) + b"\0" + x.code + simd(0x21) + b"\1" + ADD[0])


def interleaved_sums(x: Expr, y: Expr) -> Expr:
    """v128: (sum of x's lanes, sum of y's lanes). Each is evaluated twice, so pass locals."""
    shuffle = simd(0x0D)
    low = bytes((0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
    high = bytes(index + 8 for index in low)
    both = x.code + y.code
    return Expr(V128, both + shuffle + low + both + shuffle + high + ADD[1])


def splat(x: Expr) -> Expr:
    """v128: one f64 in both lanes."""
    return Expr(V128, x.code + simd(0x14))


def to_f64(x: Expr) -> Expr:
    """The i32 as an f64."""
    return Expr(F64, x.code + b"\xb7")


def _bitwise(x: Expr, y: Expr, scalar: bytes, vector: bytes) -> Expr:
    if x.kind == V128:
        return Expr(V128, x.code + y.code + vector)
    return Expr(F64, x.code + BITS_OF + y.code + BITS_OF + scalar + NUMBER_OF)


def bits_and(x: Expr, mask: int) -> Expr:
    """The number whose bits are those of `x` that the 64-bit mask keeps."""
    return _bitwise(x, bit_pattern(x.kind, mask), b"\x83", VECTOR_BITS["&"])


def bits_or(x: Expr, y: Expr) -> Expr:
    """The number whose bits are set in `x` or in `y`."""
    return _bitwise(x, y, b"\x84", VECTOR_BITS["|"])


def shift_bits(x: Expr, left: int) -> Expr:
    """The number whose bits are those of `x`, shifted left, or right (unsigned) if `left` is negative."""
    by = abs(left)
    if x.kind == V128:
        return Expr(V128, x.code + constant(I32, by).code + simd(0xCB if left > 0 else 0xCD))
    shift = b"\x42" + signed(by) + (b"\x86" if left > 0 else b"\x88")
    return Expr(F64, x.code + BITS_OF + shift + NUMBER_OF)

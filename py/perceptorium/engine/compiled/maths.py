"""exp, tanh, sigmoid and logarithm inside the module, for one number or two side by side.

WebAssembly has no such instructions, and a call out to JavaScript's Math costs more than the whole function here.
The plan is the classical one (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980): reduce the
argument to a short interval with exact steps, evaluate a polynomial there, undo the reduction through the bits of the
exponent. Polynomials are evaluated by Estrin's scheme, which pairs terms so that a processor can work on several at
once. The coefficients are Chebyshev fits (`mpmath.chebyfit`, 50 digits); tests/engine/compiled/test_maths.py
repeats the fits and measures every function: at most 2.5 units in the last place, NaN and infinity right.
"""

from collections.abc import Sequence

from .assembler import Function
from .expression import (
    Expr,
    bit_pattern,
    bits_and,
    bits_or,
    constant,
    larger,
    nearest,
    shift_bits,
    where,
)

LOG2_E = 1.4426950408889634
# ln 2 in two parts: the first has 32 significant bits, so its product with an exponent is exact.
LN2_HIGH, LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
# (exp(r) - 1 - r) / r^2 on |r| <= ln(2) / 2
EXP_TAIL = (
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326141,
    0.0013888888888883752,
    0.00019841269874800493,
    2.4801587325533363e-05,
    2.7557255425746435e-06,
    2.7557273661348637e-07,
    2.510520637395701e-08,
    2.0914679376583935e-09,
)
# 2 (atanh(s) / s - 1) / s^2 as a polynomial in s^2, for s^2 <= ((sqrt 2 - 1) / (sqrt 2 + 1))^2
ATANH_TAIL = (
    0.666666666666667,
    0.39999999999899505,
    0.28571428625975487,
    0.2222221113479508,
    0.18182889125261723,
    0.15331721600556042,
    0.14616449685043406,
)
SIGN_BIT = 1 << 63
MANTISSA_BITS = (1 << 52) - 1
# Adding this to a small whole number leaves the number, as an integer, in the low bits of the sum.
INTEGER_IN_LOW_BITS = 1.5 * 2.0**52
EXPONENT_BIAS = 1023


def polynomial(f: Function, x: Expr, coefficients: Sequence[float]) -> Expr:
    """c0 + c1 x + c2 x^2 + …, by Estrin's scheme: (c0 + c1 x) + (c2 + c3 x) x^2 + …, and again on the pairs."""
    terms: list[Expr] = [constant(x.kind, c) for c in coefficients]
    power = x
    while len(terms) > 1:
        pairs = [high * power + low for low, high in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + terms[len(pairs) * 2 :]
        if len(terms) > 1:
            power = f.let(power * power)
    return terms[0]


def _two_to_the(n: Expr, bias: int = 0) -> Expr:
    """2^(n + bias) for a whole number n, by writing the exponent bits; n + bias from -1022 to 1023."""
    return shift_bits(n + (INTEGER_IN_LOW_BITS + EXPONENT_BIAS + bias), left=52)


def _reduced_exp(f: Function, x: Expr) -> tuple[Expr, Expr]:
    """n and exp(r) - 1, where x = n ln 2 + r and |r| <= ln(2) / 2."""
    n = f.let(nearest(x * LOG2_E))
    high, low = f.let(x - n * LN2_HIGH), f.let(n * LN2_LOW)
    r = f.let(high - low)
    lost = (high - r) - low  # in rounding r, exactly
    return n, f.let(r * r * polynomial(f, r, EXP_TAIL) + lost + r)


def exp_of_negative(f: Function, x: Expr) -> Expr:
    """exp(x) for x <= 0, which is all that a network asks for: see `sigmoid` and the cross entropy of logits."""
    n, tail = _reduced_exp(f, f.let(larger(x, -746.0)))  # exp(-746) is already below the smallest number
    # In two factors, since 2^n itself may be too small for an exponent field although exp(x) is a (subnormal) number.
    return (tail + 1.0) * _two_to_the(n, bias=512) * 2.0**-512


def sigmoid(f: Function, z: Expr) -> Expr:
    """1 / (1 + exp(-z)), for negative z as exp(z) / (1 + exp(z)): no overflow, and no lost digits."""
    e = f.let(exp_of_negative(f, -abs(z)))
    return where(z < 0.0, e, constant(z.kind, 1.0)) / (e + 1.0)


def tanh(f: Function, z: Expr) -> Expr:
    """-t / (t + 2) with t = exp(-2 |z|) - 1 and the sign of z; t without cancellation, so small z keep all digits."""
    n, tail = _reduced_exp(f, f.let(larger(abs(z) * -2.0, -40.0)))  # tanh(20) is 1 to the last bit
    scale = f.let(_two_to_the(n))
    t = f.let(tail * scale + (scale - 1.0))
    # 0 - t and not -t, which would be -0 for z = 0.
    return bits_or((0.0 - t) / (t + 2.0), bits_and(z, SIGN_BIT))


def log(f: Function, x: Expr) -> Expr:
    """Natural logarithm: -inf at 0, NaN below. With x = 2^k (1 + u), it is k ln 2 + 2 atanh(u / (2 + u))."""
    kind = x.kind
    subnormal = x < 2.0**-1022
    scaled = f.let(where(subnormal, x * 2.0**54, x))
    # A stored exponent becomes a float when it is placed in the low bits of 2^52, and 2^52 is taken away.
    stored = bits_or(shift_bits(scaled, left=-52), bit_pattern(kind, EXPONENT_BIAS + 52 << 52)) - 2.0**52
    one_to_two = bits_or(bits_and(scaled, MANTISSA_BITS), constant(kind, 1.0))
    mantissa = f.let(one_to_two)
    above = mantissa > 1.4142135623730951
    k = f.let(
        stored
        - where(subnormal, constant(kind, EXPONENT_BIAS + 54.0), constant(kind, float(EXPONENT_BIAS)))
        + where(above, constant(kind, 1.0), constant(kind, 0.0))
    )
    u = f.let(where(above, mantissa * 0.5, mantissa) - 1.0)
    s = f.let(u / (u + 2.0))
    square = f.let(s * s)
    half_square = f.let(u * u * 0.5)
    rest = square * polynomial(f, square, ATANH_TAIL)
    value = k * LN2_HIGH - (half_square - (s * (half_square + rest) + k * LN2_LOW) - u)
    ordinary = (x > 0.0) & (x < float("inf"))
    at_zero = where(x.equals(0.0), constant(kind, float("-inf")), constant(kind, float("nan")))
    elsewhere = where(x.equals(float("inf")), x, at_zero)
    return where(ordinary, value, elsewhere)


def log_of_one_plus(f: Function, x: Expr) -> Expr:
    """log(1 + x) for x >= -1: the logarithm of the rounded sum, plus what the rounding lost."""
    total = f.let(x + 1.0)
    lost = f.let((x - (total - 1.0)) / total)
    return log(f, total) + where(lost.equals(lost), lost, constant(x.kind, 0.0))

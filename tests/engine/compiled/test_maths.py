"""The functions inside a kernel, measured against mpmath in units in the last place (ulp)."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from perceptorium.engine.compiled import maths
from perceptorium.engine.compiled.assembler import Function, Module, load
from perceptorium.engine.compiled.encoding import F64, I32, V128
from perceptorium.engine.compiled.expression import Expr
from perceptorium.engine.compiled.runtime import WasmtimeRuntime

BOUND = 2.5
SEED = 4
POINTS = 1500
BYTES = {F64: 8, V128: 16}


def applied(function: Callable[[Function, Expr], Expr], x: np.ndarray, kind: str) -> np.ndarray:
    """function(x), computed by a module of its own; an odd number of values is filled up for the vector form."""
    x = np.append(x, 0.5) if kind == V128 and len(x) % 2 else x
    module = Module(pages=4)
    f = module.function("apply", [I32], exported=True)
    with f.count(f.parameter(0), BYTES[kind]) as (_, address):
        f.store(address, function(f, f.let(load(kind, address))))
    instance = WasmtimeRuntime().load(module.binary())
    data = x.astype(np.float64).view(np.uint8).copy()
    instance.reserve(data.nbytes)
    instance.write(0, data)
    instance.call("apply", data.nbytes)
    instance.read(0, data)
    return data.view(np.float64)


def errors_in_ulp(got: np.ndarray, exact: Callable[[mpmath.mpf], mpmath.mpf], x: np.ndarray) -> np.ndarray:
    with mpmath.workdps(40):
        wanted = [exact(mpmath.mpf(float(value))) for value in x]
        units = np.spacing(np.abs(np.array([float(value) for value in wanted])))
        differences = [abs(mpmath.mpf(float(g)) - w) for g, w in zip(got, wanted, strict=False)]
        return np.array([float(d / mpmath.mpf(float(u))) for d, u in zip(differences, units, strict=True)])


def spread(low: float, high: float) -> np.ndarray:
    """Points over a range and, for every power of ten down to 1e-300, near zero."""
    random = np.random.default_rng(SEED)
    even = random.uniform(low, high, POINTS)
    small = 10.0 ** random.uniform(-300, 0, POINTS // 3)
    return np.concatenate([even, small[small <= high], -small[-small >= low]])


CASES = {
    "exp_of_negative": (maths.exp_of_negative, mpmath.exp, -np.abs(spread(-745.0, 0.0))),
    "sigmoid": (maths.sigmoid, lambda x: 1 / (1 + mpmath.exp(-x)), spread(-744.0, 40.0)),
    "tanh": (maths.tanh, mpmath.tanh, spread(-25.0, 25.0)),
    "tanh of small numbers": (maths.tanh, mpmath.tanh, spread(-0.6, 0.6)),
    "log": (maths.log, mpmath.log, 10.0 ** np.random.default_rng(SEED).uniform(-323, 308, POINTS)),
    "log near 1": (maths.log, mpmath.log, np.random.default_rng(SEED).uniform(0.5, 2.0, POINTS)),
    "log_of_one_plus": (maths.log_of_one_plus, mpmath.log1p, spread(-1.0, 3.0)),
}


@pytest.mark.parametrize("kind", [F64, V128])
@pytest.mark.parametrize("case", CASES)
def test_a_function_is_right_within_two_and_a_half_ulp(case, kind):
    function, exact, x = CASES[case]
    got = applied(function, x, kind)
    errors = errors_in_ulp(got, exact, x)
    worst = int(np.argmax(errors))
    assert errors[worst] <= BOUND, f"{case}({x[worst]!r}) = {got[worst]!r} is {errors[worst]:.2f} ulp off"


INFINITY, NAN = np.inf, np.nan


@pytest.mark.parametrize("kind", [F64, V128])
@pytest.mark.parametrize(
    ("function", "x", "wanted"),
    [
        (maths.exp_of_negative, [-INFINITY, -1e300, -746.0, 0.0, NAN], [0.0, 0.0, 0.0, 1.0, NAN]),
        (maths.sigmoid, [INFINITY, -INFINITY, 1e300, -1e300, 0.0, NAN], [1.0, 0.0, 1.0, 0.0, 0.5, NAN]),
        (maths.tanh, [INFINITY, -INFINITY, 1e300, -1e300, 0.0, NAN], [1.0, -1.0, 1.0, -1.0, 0.0, NAN]),
        (maths.log, [INFINITY, 0.0, -0.0, -1.0, 1.0, NAN], [INFINITY, -INFINITY, -INFINITY, NAN, 0.0, NAN]),
        (maths.log_of_one_plus, [INFINITY, -1.0, -2.0, 0.0, NAN], [INFINITY, -INFINITY, NAN, 0.0, NAN]),
    ],
)
def test_special_values_are_right(function, x, wanted, kind):
    np.testing.assert_array_equal(applied(function, np.array(x), kind)[: len(x)], wanted)


def test_tanh_keeps_the_sign_of_zero():
    assert np.signbit(applied(maths.tanh, np.array([-0.0, 0.0]), V128)).tolist() == [True, False]


def test_one_number_and_two_give_the_same_bits():
    x = spread(-30.0, 30.0)
    for function in (maths.sigmoid, maths.tanh):
        np.testing.assert_array_equal(applied(function, x, V128)[: len(x)], applied(function, x, F64))


def test_the_coefficients_are_the_fits_that_the_module_names():
    with mpmath.workdps(50):
        bound = mpmath.log(2) / 2
        edge = ((mpmath.sqrt(2) - 1) / (mpmath.sqrt(2) + 1)) ** 2

        def exp_tail(r):
            return (mpmath.exp(r) - 1 - r) / r**2 if abs(r) > 1e-8 else mpmath.mpf(1) / 2 + r / 6 + r * r / 24

        def atanh_tail(z):
            s = mpmath.sqrt(z)
            return 2 * (mpmath.atanh(s) / s - 1) / z if z > 1e-20 else mpmath.mpf(2) / 3

        for function, interval, coefficients in (
            (exp_tail, [-bound, bound], maths.EXP_TAIL),
            (atanh_tail, [0, edge], maths.ATANH_TAIL),
        ):
            fit = mpmath.chebyfit(function, interval, len(coefficients))
            np.testing.assert_allclose(coefficients, [float(c) for c in reversed(fit)], rtol=1e-12)

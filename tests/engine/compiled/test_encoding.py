"""The bytes: integers as the specification writes them, and modules that a validator accepts."""

import itertools

import pytest
import wasmtime

from perceptorium.engine.compiled.assembler import Module, load
from perceptorium.engine.compiled.emit import emit
from perceptorium.engine.compiled.encoding import F64, I32, signed, unsigned
from perceptorium.engine.compiled.runtime import WasmtimeRuntime
from perceptorium.engine.compiled.spec import LARGEST, KernelSpec, unsupported
from perceptorium.engine.errors import InvalidValue


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "00"), (127, "7f"), (128, "8001"), (624485, "e58e26"), (2**32 - 1, "ffffffff0f")],
)
def test_unsigned_leb128(value, encoded):
    assert unsigned(value).hex() == encoded


@pytest.mark.parametrize(
    ("value", "encoded"),
    [(0, "00"), (63, "3f"), (64, "c000"), (-1, "7f"), (-64, "40"), (-65, "bf7f"), (-123456, "c0bb78")],
)
def test_signed_leb128(value, encoded):
    assert signed(value).hex() == encoded


def test_the_example_of_the_assembler_sums_numbers():
    module = Module(pages=1)
    f = module.function("sum", [I32], F64, exported=True)
    total = f.variable(F64)
    with f.count(f.parameter(0)) as (_, i):
        f.set(total, total + load(F64, i * 8))
    f.give(total)
    store = wasmtime.Store()
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, module.binary()), []).exports(store)
    exports["memory"].write(store, b"".join(map(bytes, (b"\0\0\0\0\0\0\xf0\x3f", b"\0\0\0\0\0\0\0\x40"))))
    assert exports["sum"](store, 2) == 3.0


def test_a_loop_is_left_and_a_condition_has_two_sides():
    module = Module(pages=1)
    f = module.function("f", [I32], I32, exported=True)
    found = f.variable(I32)
    with f.count(f.parameter(0), step=3) as (loop, i):
        with f.when(i < 5):
            f.set(found, found + 1)
            loop.leave_if(i.equals(99))
        with f.otherwise():
            f.set(found, found + 100)
            loop.leave_if(i > 8)
    f.give(found)
    store = wasmtime.Store()
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, module.binary()), []).exports(store)
    assert [exports["f"](store, n) for n in (0, 1, 7, 10, 1000)] == [0, 1, 102, 202, 202]


SPECS = [
    KernelSpec(sizes, hidden, output, loss, optimiser, lanes)
    for (sizes, (hidden, output), loss), optimiser, lanes in itertools.product(
        zip(
            ((2, 1), (2, 3, 2), (1, 1, 1), (2, 8, 8, 8, 8, 1)),
            (("ReLU", "Sigmoid"), ("Tanh", "Identity"), ("Identity", "ReLU"), ("Sigmoid", "Tanh")),
            ("MSELoss", "BCEWithLogitsLoss", "HalfSquaredError", "BCELoss"),
            strict=True,
        ),
        ("SGD", "momentum", "nesterov", "Adam"),
        ("rows", "networks", "one"),
    )
]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_a_kernel_is_a_valid_module_without_imports(spec):
    module = emit(spec)
    assert WasmtimeRuntime().supports(module)
    compiled = wasmtime.Module(wasmtime.Engine(), module)
    assert list(compiled.imports) == []
    wanted = {"memory", "train_all"} | ({"predict"} if spec.lanes != "networks" else set())
    assert {export.name for export in compiled.exports} == wanted


def test_without_simd_no_instruction_is_simd():
    config = wasmtime.Config()
    config.wasm_relaxed_simd = False
    config.wasm_simd = False
    engine = wasmtime.Engine(config)
    wasmtime.Module.validate(engine, emit(KernelSpec((2, 4, 1), lanes="one")))
    with pytest.raises(wasmtime.WasmtimeError, match="SIMD"):
        wasmtime.Module.validate(engine, emit(KernelSpec((2, 4, 1), lanes="rows")))


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        (KernelSpec((2, 20, 20, 1)), f"501 parameters are more than {LARGEST}"),
        (KernelSpec((2,)), "sizes is (2,)"),
        (KernelSpec((2, 0, 1)), "sizes is (2, 0, 1)"),
        (KernelSpec((2, 1), hidden="GELU"), "hidden is 'GELU'"),
        (KernelSpec((2, 1), optimiser="LBFGS"), "optimiser is 'LBFGS'"),
        (KernelSpec((2, 1), loss="L1Loss"), "loss is 'L1Loss'"),
    ],
)
def test_what_cannot_be_compiled_is_refused_with_a_reason(spec, part):
    assert part in (unsupported(spec) or "")
    with pytest.raises(InvalidValue, match=r"parameters|sizes|hidden|optimiser|loss"):
        emit(spec)


def test_everything_that_the_page_allows_is_compiled():
    assert unsupported(KernelSpec((2, 8, 8, 8, 8, 1))) is None

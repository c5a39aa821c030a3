"""Networks compiled to WebAssembly: what `torch.compile` does for PyTorch, for the networks of this page.

*Why.* An epoch of a network with a few dozen weights is about a thousand multiplications, a microsecond's work. NumPy
needs some twenty calls for it, and in a browser each call costs microseconds: nearly all of the time goes into
deciding what to do. A compiler decides once. It is told one architecture, writes a program that can train nothing else,
and what is left is the arithmetic.

*How.* Python composes the bytes of a WebAssembly module, with the standard library alone, in a few milliseconds. Read
the files in this order; each is one idea:

- `encoding`: the bytes of a module. Integers are LEB128, everything is a vector or a section.
- `expression`: `a + b` on two `Expr` is the code of `a`, the code of `b`, and an add instruction. So formulas are
  written as formulas, once, and serve one number (f64) as well as two side by side (SIMD).
- `assembler`: functions, locals, memory, and control flow as Python's `with`.
- `maths`: exp, tanh, sigmoid and logarithm, which WebAssembly lacks, to 2.5 units in the last place.
- `activations`, `losses`, `optimisers`: each operation beside its derivative, with PyTorch's formulas.
- `lanes`: what the two numbers side by side are. Two rows of the data when one network is trained; two networks when an
  ensemble is; one number where a browser has no SIMD. Nothing else in the compiler has to know.
- `layers`: forward and backward through a linear layer, without a loop: every weight has its own instructions.
- `passes`: functions made of layers: the gradient of a batch, the loss over all rows, a prediction, a step.
- `loop`: epochs, batches, the stop rule, one network after the other.
- `memory`, `spec`, `emit`: where everything lies, what is compiled in, and the compiler itself, ten lines.
- `runtime`, `image`, `kernel`: the module loaded by a browser or by wasmtime, and called with NumPy arrays.
- `translation`, `trainer`: the engine's objects in these terms, and `CompiledTrainer`, a `Trainer` that runs a kernel.

*What is fixed and what is not.* Sizes, activations, loss and kind of optimiser are compiled in (`KernelSpec`). Learning
rate, momentum, data, batch size, row order and number of epochs are arguments: changing them costs nothing.

*What a training does.* Settings, data, row order and parameters are written into the module's memory as one block of
bytes (`image`), `train_all` is called for 200 epochs at a time, and parameters, losses and accuracies are read back as
another block. Many short calls are faster than a long one: a browser starts with quickly made machine code and replaces
it by better code when a function is called again.

*What it promises.* The same numbers as the engine but for the order in which sums are rounded (1e-13 on XOR), the same
stop rule, and the same last finite state after a divergence. NumPy stays the reference: stepping and inspection use it,
and a network that is too large to unroll is left to it (`unsupported` says which, and why).

    compiler = Compiler(BrowserRuntime(js))          # or WasmtimeRuntime()
    trainer = CompiledTrainer(model, xor(), compiler=compiler)
    trainer.run(200)
"""

from .emit import emit
from .kernel import Compiler
from .runtime import BrowserRuntime, Runtime, WasmtimeRuntime
from .spec import KernelSpec, unsupported
from .trainer import CompiledTrainer

__all__ = [
    "BrowserRuntime",
    "CompiledTrainer",
    "Compiler",
    "KernelSpec",
    "Runtime",
    "WasmtimeRuntime",
    "emit",
    "unsupported",
]

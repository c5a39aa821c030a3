"""The compiler: a spec in, the bytes of a WebAssembly module out."""

from perceptorium.engine.errors import InvalidValue

from .assembler import Module
from .lanes import LANES
from .layers import Layer
from .loop import write_train, write_train_all
from .losses import LOSSES
from .memory import Block
from .passes import Writer
from .spec import KernelSpec, unsupported


def emit(spec: KernelSpec) -> bytes:
    """A WebAssembly module for this network, which imports nothing and exports its memory, `train_all` and `predict`.

    Raises InvalidValue with the reason that `unsupported(spec)` gives, if it gives one.
    """
    reason = unsupported(spec)
    if reason is not None:
        raise InvalidValue(reason)
    module = Module(pages=1)
    lanes = LANES[spec.lanes]
    writer = Writer(module, spec, lanes, Layer.all_of(spec, lanes), LOSSES[spec.loss], Block.of(spec))
    train = write_train(writer, writer.gradient(), writer.evaluate(), writer.step())
    write_train_all(writer, train)
    if spec.lanes != "networks":
        writer.predict()
    return module.binary()

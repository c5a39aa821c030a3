"""The training loop inside the kernel: epochs, batches, the stop rule, and the networks of an ensemble.

The loss that is recorded for epoch e is that of the parameters after e epochs, over all rows. In full batch training
the forward pass of the next step computes just that, so it costs nothing; otherwise `evaluate` does it.
A network ends when its loss falls below the threshold or is not finite. Its learning rate is then 0, so that it
stays as it is while its neighbour in the other lane goes on, and in later calls.
"""

from .assembler import Function, load
from .encoding import F64, I32
from .expression import any_of, constant, to_f64, where
from .memory import (
    ACCURACIES,
    BATCH,
    CORRECT,
    EPOCHS,
    HEALTH,
    INDEX,
    LEARNING_RATE,
    LOSSES,
    NUMBER,
    ORDER,
    ORDER_STRIDE,
    RECORD_STRIDE,
    ROWS,
    STOP_BELOW,
)
from .passes import Writer, setting_i32


def write_train(writer: Writer, gradient: Function, evaluate: Function, step: Function) -> Function:
    """(block, column, begin, epochs) -> whether any network of this block goes on.

    Trains for `epochs` epochs, of which the first is number `begin`, and records at byte `column` of their records.
    """
    lanes = writer.lanes
    f = writer.module.function("train", [I32, I32, I32, I32], I32)
    block, column, begin, epochs = (f.parameter(k) for k in range(4))
    rows, batch = f.let(setting_i32(ROWS)), f.let(setting_i32(BATCH))
    record_stride, order_stride = f.let(setting_i32(RECORD_STRIDE)), f.let(setting_i32(ORDER_STRIDE))
    threshold = f.let(load(F64, constant(I32, 0), STOP_BELOW))
    order = f.let(setting_i32(ORDER) + begin * order_stride)
    losses, accuracies = (f.let(setting_i32(k) + column + begin * record_stride) for k in (LOSSES, ACCURACIES))
    all_rows = f.let(lanes.as_total(to_f64(rows)))
    rate = load(lanes.total, block, LEARNING_RATE)
    alive = f.let(rate > 0.0)
    # Nothing is below minus infinity: the loss before the first epoch does not stop a training.
    stop_below = f.let(lanes.as_total(where(begin > 0, threshold, constant(F64, float("-inf")))))
    loss = f.variable(lanes.total)
    is_full_batch = f.let(~(batch < rows))
    with f.count(f.let(epochs + 1)) as (loop, epoch):
        with f.when(is_full_batch):
            f.set(loss, f.call(gradient, block, order, rows))
        with f.otherwise():
            f.set(loss, f.call(evaluate, block))
        f.set(loss, loss + load(lanes.total, block, HEALTH))
        f.store(losses, loss)
        f.store(accuracies, load(lanes.total, block, CORRECT) / all_rows)
        f.set(losses, losses + record_stride)
        f.set(accuracies, accuracies + record_stride)
        done = load(lanes.total, block, EPOCHS)
        f.store(block, where(alive, lanes.as_total(to_f64(begin + epoch)), done), EPOCHS)
        f.set(alive, alive & ~(loss < stop_below) & (loss - loss).equals(0.0))
        f.store(block, where(alive, rate, constant(lanes.total, 0.0)), LEARNING_RATE)
        loop.leave_if(~any_of(alive))
        loop.leave_if(epoch.equals(epochs))
        f.set(stop_below, lanes.as_total(threshold))
        with f.when(is_full_batch):
            f.call(step, block)
        with f.otherwise():
            with f.count(rows, batch) as (_, start):
                left = f.let(rows - start)
                size = f.let(where(batch < left, batch, left))
                f.discard(f.call(gradient, block, order + start * INDEX, size))
                f.call(step, block)
            f.set(order, order + order_stride)
    f.give(any_of(alive))
    return f


def write_train_all(writer: Writer, train: Function) -> Function:
    """(first, blocks, begin, epochs) -> whether any network goes on: `train` for each block, the first at `first`."""
    f = writer.module.function("train_all", [I32, I32, I32, I32], I32, exported=True)
    first, blocks, begin, epochs = (f.parameter(k) for k in range(4))
    going = f.variable(I32)
    with f.count(blocks) as (_, index):
        block, column = first + index * writer.layout.size, index * (writer.layout.networks * NUMBER)
        f.set(going, f.call(train, block, column, begin, epochs) | going)
    f.give(going)
    return f

"""What the command line does: read it, run the plan, print what came of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

from perceptorium.engine import ACTIVATIONS, INITIALISATIONS, InvalidValue

from .plan import NETWORKS, PLANS, SWEPT_RATES, Plan
from .report import FORMATS
from .setting import SUCCESSES, Setting
from .spread import here, on_dask
from .work import Part, Results, Unit

INTERRUPTED = 130
"""Exit status after Ctrl-C, as a shell expects it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one experiment and write it to the standard output; the exit status."""
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    write, engine = FORMATS[options.pop("format")], options.pop("engine")
    processes, address, quiet = options.pop("processes"), options.pop("dask"), options.pop("quiet")
    try:
        plan = PLANS[options.pop("experiment")](**options)
        parts = on_dask(plan, address, engine) if address else here(plan, engine, processes)
        finished, status = _collect(parts, plan, quiet)
    except InvalidValue as refusal:
        parser.error(str(refusal))
    sys.stdout.write(write(Results.none(plan, engine).put(finished)))
    if status:
        sys.stderr.write("Interrupted: this is what was finished.\n")
    return status


def _collect(parts: Iterator[tuple[Unit, Part]], plan: Plan, quiet: bool) -> tuple[list[tuple[Unit, Part]], int]:
    """Results as they come, with a bar that shows how many; Ctrl-C ends it and keeps them."""
    finished: list[tuple[Unit, Part]] = []
    with _bar(plan.networks * len(plan.settings), quiet) as bar:
        try:
            for unit, part in parts:
                finished.append((unit, part))
                bar.update(unit.stop - unit.start)
        except KeyboardInterrupt:
            return finished, INTERRUPTED
    return finished, 0


def _bar(total: int, quiet: bool) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return _NoBar()
    return tqdm(total=total, unit=" networks", disable=True if quiet else None, file=sys.stderr)


class _NoBar:
    """In the place of a progress bar where the package tqdm is not installed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        pass

    def update(self, count: int) -> None:
        """Show nothing."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m perceptorium.lab",
        description="The experiments of the paper's section 8, on ensembles of networks that learn XOR.",
    )
    defaults = Setting()
    commands = parser.add_subparsers(dest="experiment", required=True)
    for name, help_ in (
        ("table3", "epochs and success of six networks, beside the paper's figures"),
        ("learning-rate", "the same against the learning rate, with the paper's three claims"),
        ("depth", "gradient norm by layer for 1 to 4 hidden layers and each activation"),
    ):
        command = commands.add_parser(name, help=help_, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
        add = command.add_argument
        add("--networks", type=int, default=NETWORKS, help="networks in each row")
        add("--first-seed", type=int, default=0, help="seed of the first network of each row")
        if name == "learning-rate":
            add("--rates", type=float, nargs="+", default=SWEPT_RATES, help="learning rates")
            add("--hidden", type=int, nargs="+", default=defaults.hidden, help="neurons of each hidden layer")
            _choice(add, "--activation", ACTIVATIONS, defaults.activation, "of the hidden layers")
        else:
            add("--learning-rate", type=float, default=defaults.learning_rate, help="step of gradient descent")
        if name == "depth":
            add("--width", type=int, default=4, help="neurons of each hidden layer")
        else:
            _choice(add, "--success", SUCCESSES, defaults.success, "when a network has learned")
            add("--threshold", type=float, default=defaults.threshold, help="mean squared error of success")
            add("--epochs", type=int, default=defaults.epochs, help="epochs at most")
        _choice(add, "--init", INITIALISATIONS, defaults.init, "first weights")
        _choice(add, "--loss", ("HalfSquaredError", "MSELoss"), defaults.loss, "whose gradient is followed")
        add("--batch", dest="batch_size", type=_batch, default=1, metavar="{1,all}", help="rows of a step")
        _choice(add, "--format", FORMATS, "table", "what is printed")
        add("--engine", choices=("NumPy", "compiled"), default="NumPy", help="compiled needs the package wasmtime")
        add("--processes", type=int, default=1, help="processes on this machine")
        add("--dask", metavar="ADDRESS", help="run on the Dask cluster with this scheduler")
        add("--quiet", action="store_true", help="show no progress")
    return parser


def _choice(add: Any, flag: str, choices: Iterable[str], default: str, help_: str) -> None:
    add(flag, choices=tuple(choices), default=default, help=help_)


def _batch(text: str) -> int | None:
    return None if text == "all" else int(text)

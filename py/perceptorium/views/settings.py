"""The settings that are seldom changed, in a disclosure beside the main controls."""

from __future__ import annotations

from typing import get_args

from perceptorium.experiment import FIELDS
from perceptorium.fields import Choice, Number
from perceptorium.session import State
from perceptorium.session.standing import Engine
from perceptorium.views.controls import button, radios, selection, spin
from perceptorium.views.markup import Element, h

LOSSES = (
    ("MSELoss", "MSE: nn.MSELoss"),
    ("BCELoss", "cross entropy: nn.BCELoss"),
    ("BCEWithLogitsLoss", "cross entropy on logits: nn.BCEWithLogitsLoss"),
    ("HalfSquaredError", "half squared error: the paper's eq. 8"),
)
INITIALISATIONS = {
    "kaiming_normal": "He (Kaiming) normal",
    "kaiming_uniform": "He (Kaiming) uniform",
    "xavier_normal": "Xavier normal",
    "xavier_uniform": "Xavier uniform",
    "linear_default": "nn.Linear's own",
}
BATCHES = (("all", "all rows"), ("2", "2 rows"), ("1", "1 row: per sample"))
SPEEDS = (
    ("1", "1 epoch a frame"),
    ("10", "10 epochs a frame"),
    ("100", "100 epochs a frame"),
    ("fit", "as fast as it goes"),
)
BEATS = (("1400", "slow"), ("700", "medium"), ("250", "fast"))
WHY = (
    "A NumPy call costs microseconds whatever it computes, and an epoch makes about twenty. Compiled to WebAssembly, "
    "the same arithmetic is one call for many epochs, as with torch.compile. Stepping always uses NumPy."
)
TRUTH_TABLES = ("XOR", "AND", "OR")


def settings(state: State) -> Element:
    """Data, loss, optimizer, batches, first weights; when training stops, how fast it runs, how fast a pass plays."""
    experiment = state.experiment
    return h(
        "details",
        h("summary", "More settings", class_="button", data_part="optimiser criterion momentum batches epochs"),
        h(
            "div",
            selection(
                "Data",
                tuple((name, name) for name in _data_sets(experiment.dataset)),
                experiment.dataset,
                "field:dataset",
            ),
            selection("Loss function", LOSSES, experiment.loss, "field:loss"),
            selection(
                "Optimizer", _options("optimiser"), FIELDS["optimiser"].write(experiment.optimiser), "field:optimiser"
            ),
            _momentum(state),
            selection("Batch", _batches(experiment.batch_size), _batch(experiment.batch_size), "field:batch_size"),
            selection("First weights", tuple(INITIALISATIONS.items()), experiment.init, "field:init"),
            spin("Seed", experiment.seed, 0, 2**32 - 1, "field:seed"),
            spin("Stop at loss below", experiment.stop_below, 0, 1, "field:stop_below", step=0.001),
            selection("Speed", SPEEDS, "fit" if state.speed is None else str(state.speed), "speed"),
            _engine(state),
            selection("Pace of a pass", BEATS, f"{state.beat_ms:g}", "beat"),
            class_="settings",
        ),
        class_="more",
    )


def _data_sets(chosen: str) -> tuple[str, ...]:
    return TRUTH_TABLES if chosen in TRUTH_TABLES else (*TRUTH_TABLES, chosen)


def _options(field: str) -> tuple[tuple[str, str], ...]:
    kind = FIELDS[field]
    assert isinstance(kind, Choice)
    return tuple((kind.write(name), name) for name in kind.options)


def _batches(size: int | None) -> tuple[tuple[str, str], ...]:
    own = _batch(size)
    return BATCHES if own in dict(BATCHES) else (*BATCHES, (own, f"{own} rows"))


def _batch(size: int | None) -> str:
    return "all" if size is None else str(size)


def _momentum(state: State) -> Element | None:
    if state.experiment.optimiser != "SGD with momentum":
        return None
    limits = FIELDS["momentum"]
    assert isinstance(limits, Number)
    return spin("Momentum", state.experiment.momentum, limits.low, limits.high, "field:momentum", step=0.01)


def _engine(state: State) -> Element:
    """Which engine trains, with what each was measured to do; eager and ``torch.compile`` are the same choice."""
    rates = "; ".join(f"{name}: {rate:,.0f} epochs/s" for name, rate in state.rates)
    return h(
        "div",
        h("span", "Engine", class_="label"),
        radios("Engine", "engine", tuple((name, name) for name in get_args(Engine)), state.engine, "engine"),
        button("Measure both", "measure"),
        h("p", rates, role="status", class_="number"),
        h("p", WHY, class_="hint"),
        class_="group",
    )

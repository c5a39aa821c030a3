"""The convergence lab: what is to be run, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from perceptorium.engine import InvalidValue
from perceptorium.lab import DepthPlan, Plan, Results, Setting, Unit, depth, learning_rate, table3, units
from perceptorium.lab.plan import MOST_SEED, NETWORKS
from perceptorium.lab.setting import LARGEST_THRESHOLD, RATES
from perceptorium.lab.training import EngineName
from perceptorium.session.lab_bench import bench

ExperimentName: TypeAlias = Literal["table3", "learning-rate", "depth"]

LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "networks": (20, 1000),
        "first_seed": (0, MOST_SEED - 1000),
        "epochs": (10, 20_000),
        "learning_rate": RATES,
        "threshold": (0.0001, LARGEST_THRESHOLD),
    }
)
"""What can be typed. A page is for a thousand networks a row; the command line has room for more."""

UNIT: Mapping[EngineName, int] = MappingProxyType({"compiled": 25, "NumPy": 200})
"""Networks of a unit. The first weights of so many, and with NumPy an epoch of them, are made without a pause."""
STRETCH: Mapping[EngineName, int] = MappingProxyType({"compiled": 50, "NumPy": 2})
"""Epochs between two looks at the clock: a millisecond or two."""


@dataclass(frozen=True, slots=True, eq=False)
class Lab:
    """The lab.

    Attributes:
        name: which experiment is shown.
        networks, first_seed: networks a row, and the seed of the first.
        method: how they are trained; a row changes of it what it is about.
        kept: of each experiment what was run last, finished or not.
        queue: the units still to be run, the present one first; empty when nothing runs.
        units: how many there were at the start of this run.
        epoch, share: how far the present unit is.
        began_ms, now_ms: the clock at the start of this run, and lately.
        moment: which of the moments the depth experiment shows.
        opened: the last network that was opened in the workbench: (row, k).
        note: what there is to say about the last thing that happened.
    """

    name: ExperimentName = "table3"
    networks: int = NETWORKS
    first_seed: int = 0
    method: Setting = field(default_factory=Setting)
    kept: Mapping[str, Results] = field(default_factory=lambda: MappingProxyType({}))
    queue: tuple[Unit, ...] = ()
    units: int = 0
    epoch: int = 0
    share: float = 0.0
    began_ms: float | None = None
    now_ms: float = 0.0
    moment: int = 0
    opened: tuple[int, int] | None = None
    note: str = ""

    @property
    def running(self) -> bool:
        """Whether the clock works on it."""
        return bool(self.queue)

    @property
    def plan(self) -> Plan:
        """What Run experiment runs."""
        method = {
            name: getattr(self.method, name)
            for name in ("init", "loss", "batch_size", "success", "threshold", "epochs")
        }
        if self.name == "table3":
            return table3(self.networks, self.first_seed, learning_rate=self.method.learning_rate, **method)
        if self.name == "depth":
            return depth(self.networks, self.first_seed, learning_rate=self.method.learning_rate, **method)
        return learning_rate(self.networks, self.first_seed, activation=self.method.activation, **method)

    @property
    def results(self) -> Results:
        """What is known of the plan."""
        plan, kept = self.plan, self.kept.get(self.name)
        return kept if kept is not None and kept.plan == plan else Results.none(plan)

    @property
    def progress(self) -> float:
        """Share of the run that is done."""
        if not self.running:
            return 1.0 if self.results.complete else 0.0
        return (self.units - len(self.queue) + self.share) / self.units

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None while there is none."""
        if not self.running or self.began_ms is None or self.progress < 0.02:
            return None
        return (self.now_ms - self.began_ms) / 1000 * (1 / self.progress - 1)


def run_or_cancel(lab: Lab, engine: EngineName) -> Lab:
    """Begin, go on with what a cancelled run left, or stop and keep the units that are finished."""
    if lab.running:
        return cancel(lab)
    engine, results = bench.usable(engine), lab.results
    if results.complete or results.engine != engine:
        results = Results.none(results.plan, engine)
    size = min(UNIT[engine], results.plan.networks)
    queue = tuple(unit for unit in units(results.plan, size) if not _has_run(results, unit))
    return replace(
        _keep(lab, results), queue=queue, units=len(queue), epoch=0, share=0.0, began_ms=None, opened=None, note=""
    )


def cancel(lab: Lab) -> Lab:
    """Stop; the units that are finished stay."""
    if not lab.running:
        return lab
    return replace(
        lab, queue=(), note="Cancelled: the table holds what was finished. Run experiment goes on from there."
    )


def advance(lab: Lab, now_ms: float) -> Lab:
    """Train the present unit a little further."""
    if not lab.running:
        return lab
    results, unit = lab.kept[lab.name], lab.queue[0]
    engine = results.engine
    epoch, share = bench.train(results.plan, unit, engine, lab.epoch, STRETCH[engine])
    lab = replace(
        lab, epoch=epoch, share=share, now_ms=now_ms, began_ms=now_ms if lab.began_ms is None else lab.began_ms
    )
    if share < 1.0:
        return lab
    return replace(_keep(lab, results.put([(unit, bench.take())])), queue=lab.queue[1:], epoch=0, share=0.0)


def choose(lab: Lab, name: str) -> Lab:
    """Show another experiment; one that runs is cancelled."""
    names = get_args(ExperimentName)
    if name not in names:
        raise InvalidValue(f"experiment is {name!r}; it must be one of {', '.join(names)}")
    chosen: Any = name
    return replace(cancel(lab), name=chosen, opened=None, note="")


def configure(lab: Lab, name: str, text: str) -> Lab:
    """Change a setting to what was typed. What cannot be is said, and nothing is changed."""
    try:
        value = _READERS[name](name, text)
        if name in ("networks", "first_seed", "moment"):
            changed = replace(lab, **{name: value})
        else:
            changed = replace(lab, method=replace(lab.method, **{name: value}))
    except InvalidValue as refusal:
        return replace(lab, note=f"{refusal}.")
    if name == "moment":
        return changed
    return replace(cancel(changed), opened=None, note="")


def moment_of(lab: Lab) -> int:
    """The epoch that the depth experiment shows."""
    plan = lab.plan
    assert isinstance(plan, DepthPlan)
    return plan.moments[lab.moment]


def _keep(lab: Lab, results: Results) -> Lab:
    return replace(lab, kept=MappingProxyType({**lab.kept, lab.name: results}))


def _has_run(results: Results, unit: Unit) -> bool:
    return results.rows[unit.row].has_run(unit.start, unit.stop)


def _whole(name: str, text: str) -> int:
    value = _number(name, text)
    if not value.is_integer():
        raise InvalidValue(f"{name} is {text!r}; it must be a whole number")
    return int(value)


def _number(name: str, text: str) -> float:
    low, high = LIMITS[name]
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InvalidValue(
            f"{name.replace('_', ' ')} is {text[:40]!r}; it must be a number from {low:.10g} to {high:.10g}"
        )
    return value


_READERS: Mapping[str, Callable[[str, str], Any]] = MappingProxyType(
    {
        "networks": _whole,
        "first_seed": _whole,
        "epochs": _whole,
        "learning_rate": _number,
        "threshold": _number,
        "batch_size": lambda name, text: None if text == "all" else 1,
        "init": lambda name, text: text,
        "loss": lambda name, text: text,
        "success": lambda name, text: text,
        "activation": lambda name, text: text,
        "moment": lambda name, text: min(max(int(text), 0), 3),
    }
)

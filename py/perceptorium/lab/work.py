"""A plan cut into units that may run anywhere and in any order, and their results put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from .gradients import GradientNorms, GradientRace
from .outcomes import Outcomes
from .plan import Plan, RacePlan
from .race import Race
from .training import EngineName, wasmtime_compiler

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler

Part: TypeAlias = Outcomes | GradientNorms

STRETCH = 50
"""Epochs between two looks for networks that are done."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Networks `start` to `stop` (not included) of row `row`."""

    row: int
    start: int
    stop: int


def units(plan: Plan, size: int) -> Iterator[Unit]:
    """The units of a plan, of at most `size` networks, row after row. What comes of them does not depend on `size`."""
    for row in range(len(plan.settings)):
        for start in range(0, plan.networks, size):
            yield Unit(row, start, min(start + size, plan.networks))


def begin(plan: Plan, unit: Unit, compiler: Compiler | None = None) -> Race | GradientRace:
    """The networks of a unit, ready to be trained a stretch at a time; by NumPy where there is no compiler."""
    setting = plan.settings[unit.row]
    seeds = range(plan.first_seed + unit.start, plan.first_seed + unit.stop)
    if isinstance(plan, RacePlan):
        return Race(setting, seeds, compiler)
    return GradientRace(setting, seeds, plan.moments, compiler)


def run_unit(plan: Plan, unit: Unit, engine: EngineName = "NumPy") -> Part:
    """The result of a unit: a pure function, which may be called on any machine."""
    race = begin(plan, unit, wasmtime_compiler() if engine == "compiled" else None)
    while not race.done:
        race.run(STRETCH)
    return race.part


@dataclass(frozen=True, slots=True)
class Results:
    """A plan, and what is known of its `rows` so far; rounding depends on the `engine`."""

    plan: Plan
    engine: EngineName
    rows: tuple[Part, ...]

    @classmethod
    def none(cls, plan: Plan, engine: EngineName = "NumPy") -> Results:
        """Before anything has been run."""
        if isinstance(plan, RacePlan):
            return cls(plan, engine, tuple(Outcomes.none(plan.networks) for _ in plan.settings))
        rows = (
            GradientNorms.none(plan.networks, len(plan.moments), len(setting.sizes) - 1) for setting in plan.settings
        )
        return cls(plan, engine, tuple(rows))

    def put(self, parts: Iterable[tuple[Unit, Part]]) -> Results:
        """These results with those of some units."""
        pieces: dict[int, list[tuple[int, Any]]] = {}
        for unit, part in parts:
            pieces.setdefault(unit.row, []).append((unit.start, part))
        return replace(self, rows=tuple(row.put(pieces.get(i, ())) for i, row in enumerate(self.rows)))

    @property
    def done(self) -> int:
        """Networks that have been run, of all rows."""
        return sum(row.done for row in self.rows)

    @property
    def complete(self) -> bool:
        """Whether every network has been run."""
        return self.done == self.plan.networks * len(self.plan.settings)

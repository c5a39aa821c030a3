"""The networks of the lab's present unit, kept between two slices of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from perceptorium.lab import GradientRace, Part, Plan, Race, Unit, begin
from perceptorium.lab.training import EngineName

if TYPE_CHECKING:
    from perceptorium.engine.compiled import Compiler, Runtime


class Bench:
    """One unit in training: loaded from a state's numbers, so that the same state always gives the same next one."""

    def __init__(self) -> None:
        self._place: tuple[Plan, Unit, EngineName] | None = None
        self._race: Race | GradientRace | None = None
        self._runtime: Callable[[], Runtime] | None = None
        self._compiler: Compiler | None = None

    def compile_with(self, runtime: Callable[[], Runtime]) -> None:
        """From now on there is a machine that runs compiled networks; it is asked for by the first experiment."""
        self._runtime = runtime
        self._compiler = self._place = None

    def forget(self) -> None:
        """Drop the unit in training, which a failure may have left half way, and the machine it ran on."""
        self._race = self._compiler = self._place = None

    def usable(self, wanted: EngineName) -> EngineName:
        """The engine that is wanted, where there is one."""
        return wanted if self._runtime is not None else "NumPy"

    def train(self, plan: Plan, unit: Unit, engine: EngineName, epoch: int, epochs: int) -> tuple[int, float]:
        """Train the unit on from `epoch`, for at most so many epochs; its epoch and the share of it that is done."""
        race = self._at(plan, unit, engine, epoch)
        race.run(epochs)
        return race.epoch, 1.0 if race.done else race.progress

    def take(self) -> Part:
        """The result of the unit that has just been finished."""
        assert self._race is not None and self._race.done
        part, self._race, self._place = self._race.part, None, None
        return part

    def _at(self, plan: Plan, unit: Unit, engine: EngineName, epoch: int) -> Race | GradientRace:
        place = plan, unit, engine
        if self._race is None or self._place != place or self._race.epoch != epoch:
            self._race, self._place = begin(plan, unit, self._compiled() if engine == "compiled" else None), place
            while self._race.epoch < epoch:
                self._race.run(epoch - self._race.epoch)
        return self._race

    def _compiled(self) -> Compiler:
        # Imported by the first experiment: a page that is only read does without the compiler.
        from perceptorium.engine.compiled import Compiler

        assert self._runtime is not None
        if self._compiler is None:
            self._compiler = Compiler(self._runtime())
        return self._compiler


bench = Bench()

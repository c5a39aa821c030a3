"""However the work is split, the results are the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from perceptorium.lab import Plan, Results, depth, learning_rate, run_unit, table3, units
from perceptorium.lab.gradients import GradientNorms
from perceptorium.lab.outcomes import Outcomes
from perceptorium.lab.spread import here
from perceptorium.lab.training import EngineName


def run(plan: Plan, size: int, engine: EngineName = "NumPy") -> Results:
    return Results.none(plan, engine).put(
        (unit, run_unit(plan, unit, engine)) for unit in reversed([*units(plan, size)])
    )


PLANS = {
    "table3": table3(11, first_seed=3, epochs=300),
    "learning-rate": learning_rate(9, rates=(0.1, 1.0), activation="Tanh", epochs=300),
    "depth": replace(depth(7, init="xavier_uniform"), moments=(0, 5, 60)),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_size_of_a_unit_changes_nothing(name: str) -> None:
    plan = PLANS[name]
    whole = run(plan, plan.networks)
    assert whole.complete
    assert run(plan, 2) == run(plan, 5) == whole
    assert run(plan, 3, "compiled") == run(plan, 4, "compiled")


def test_processes_change_nothing() -> None:
    plan = PLANS["table3"]
    expected = run(plan, 50)
    for processes in (1, 2, 3):
        assert Results.none(plan).put(here(plan, processes=processes, size=4)) == expected


def test_the_engines_agree_network_by_network() -> None:
    plan = table3(20)
    numpy, compiled = run(plan, 20), run(plan, 20, "compiled")
    assert numpy.rows == compiled.rows
    norms = zip(run(PLANS["depth"], 7).rows, run(PLANS["depth"], 7, "compiled").rows, strict=True)
    for ours, theirs in norms:
        assert isinstance(ours, GradientNorms) and isinstance(theirs, GradientNorms)
        np.testing.assert_allclose(ours.norms, theirs.norms, rtol=1e-6)


def test_network_k_has_its_seed_in_every_plan() -> None:
    many, few = run(table3(12, epochs=250), 12), run(table3(4, first_seed=5, epochs=250), 4)
    for row, part in zip(many.rows, few.rows, strict=True):
        assert isinstance(row, Outcomes) and isinstance(part, Outcomes)
        assert row.epochs[5:9].tolist() == part.epochs.tolist()


def test_partial_results_say_what_has_been_run() -> None:
    plan = PLANS["table3"]
    first = next(units(plan, 4))
    results = Results.none(plan).put([(first, run_unit(plan, first))])
    assert (results.done, results.complete) == (4, False)
    assert [row.done for row in results.rows] == [4, 0, 0, 0, 0, 0]

"""The default experiments, against figures that were measured independently and against the paper's claims."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from perceptorium.lab import Plan, Results, claims, depth, learning_rate, run_unit, summarise, table3, units
from perceptorium.lab.claims import oscillating
from perceptorium.lab.gradients import GradientNorms
from perceptorium.lab.outcomes import LEARNED, Outcomes

#: Measured by other code (NumPy, 300 networks a row, other seeds): mean and deviation of the epochs, share.
REFERENCE = {
    "2 ReLU": (294, 153, 0.16),
    "3 ReLU": (274, 142, 0.40),
    "4 ReLU": (254, 91, 0.58),
    "4 Sigmoid": (1481, 240, 0.90),
    "4 Tanh": (303, 110, 0.99),
    "8 ReLU": (203, 110, 0.93),
}
REFERENCE_NETWORKS = 300


def run(plan: Plan) -> Results:
    return Results.none(plan, "compiled").put((unit, run_unit(plan, unit, "compiled")) for unit in units(plan, 250))


@pytest.fixture(scope="module")
def results() -> Results:
    return run(table3(1000))


@pytest.mark.parametrize("label", REFERENCE)
def test_table_3_agrees_with_an_independent_measurement(results: Results, label: str) -> None:
    """Share and mean within 3 standard errors of the difference of the two samples: 12 comparisons, 1 false in 30."""
    position = [setting.label for setting in results.plan.settings].index(label)
    row = results.rows[position]
    assert isinstance(row, Outcomes)
    ours = summarise(row)
    mean, deviation, share = REFERENCE[label]
    assert ours.share is not None and ours.mean is not None and ours.deviation is not None
    pooled = (ours.successes + share * REFERENCE_NETWORKS) / (ours.trials + REFERENCE_NETWORKS)
    error = sqrt(pooled * (1 - pooled) * (1 / ours.trials + 1 / REFERENCE_NETWORKS))
    assert abs(ours.share - share) < 3 * error + 0.005  # their share is rounded to whole percents
    error = sqrt(ours.deviation**2 / ours.successes + deviation**2 / (share * REFERENCE_NETWORKS))
    assert abs(ours.mean - mean) < 3 * error + 0.5


def test_the_claims_about_the_learning_rate_are_judged_by_what_was_measured() -> None:
    results = run(learning_rate(100, rates=(0.005, 0.1, 0.3, 1.0)))
    oscillation, slowness, best = claims(results)
    assert oscillation.confirmed is False
    assert slowness.confirmed is True
    assert best.confirmed is False
    assert "η = 0.005: 0%" in slowness.evidence
    assert "fastest at η = 1 " in best.evidence


def test_a_claim_that_was_not_measured_is_neither_true_nor_false() -> None:
    short = run(learning_rate(2, rates=(0.005, 0.1), epochs=20))
    assert [claim.confirmed for claim in claims(short)] == [None, None, None]


def test_oscillating_counts_networks_whose_loss_often_rises() -> None:
    row = Outcomes(np.full(4, LEARNED), np.array([100, 100, 100, 100]), np.array([0, 9, 10, 60]))
    assert oscillating(row) == 0.5


def test_sigmoid_gradients_vanish_with_depth_and_tanh_gradients_do_not() -> None:
    results = run(depth(60))
    shrink: dict[tuple[str, int], float] = {}
    for setting, row in zip(results.plan.settings, results.rows, strict=True):
        assert isinstance(row, GradientNorms)
        medians = row.quartiles(0)[1]
        shrink[setting.activation, len(setting.hidden)] = medians[0] / medians[-1]
    assert shrink["Sigmoid", 4] < 0.01 < shrink["Sigmoid", 2] < shrink["Sigmoid", 1]
    assert all(0.3 < shrink[name, layers] < 3 for name in ("ReLU", "Tanh") for layers in range(1, 5))

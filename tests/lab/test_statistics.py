"""Figures of a row, against published values and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from perceptorium.lab import Outcomes, histogram, summarise, wilson
from perceptorium.lab.outcomes import DIVERGED, LEARNED, NOT_RUN, STUCK


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 1 - 0.1170, 1.0),
    ],
)
def test_wilson_is_what_newcombe_prints(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_knows_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def row() -> Outcomes:
    kind = np.array([LEARNED, STUCK, LEARNED, DIVERGED, NOT_RUN, LEARNED])
    return Outcomes(kind, np.array([100, 2000, 200, 7, 0, 600]), np.zeros(6, np.int64))


def test_a_row_in_figures() -> None:
    figures = summarise(row())
    assert (figures.trials, figures.successes, figures.failures, figures.diverged) == (5, 3, 2, 1)
    assert figures.share == 0.6
    assert (figures.mean, figures.deviation) == (300.0, pytest.approx(np.sqrt(70000)))
    assert row().failed == (1, 3)


def test_a_row_that_has_not_been_run_has_no_figures() -> None:
    figures = summarise(Outcomes.none(4))
    assert (figures.trials, figures.share, figures.mean, figures.deviation) == (0, None, None, None)


def test_the_histogram_counts_each_success_once() -> None:
    assert histogram(row(), 2000, 20).tolist() == [1, 1, 0, 0, 0, 1, *[0] * 14]

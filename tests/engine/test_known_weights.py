"""Weights that the page knows without a draw are those that a draw gives."""

from itertools import pairwise

import numpy as np
import pytest

from perceptorium.engine import MLP
from perceptorium.engine.initialisation import INITIALISATIONS, KNOWN, first_weights


@pytest.mark.parametrize("init", INITIALISATIONS)
def test_what_is_known_is_what_would_be_drawn(init: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = (2, 5, 3, 1)
    drawn = first_weights(sizes, init, 7)
    kept = b"".join(array.tobytes() for layer in drawn for array in layer)
    monkeypatch.setitem(KNOWN, (sizes, init, 7), kept)
    monkeypatch.setattr(np.random, "default_rng", lambda _: pytest.fail("drawn again"))
    model = MLP.initialise(sizes, init=init, seed=7)
    assert [w.shape for w in model.weights] == list(pairwise(sizes))
    for (weight, bias), known_weight, known_bias in zip(drawn, model.weights, model.biases, strict=True):
        np.testing.assert_array_equal(weight, known_weight)
        np.testing.assert_array_equal(bias, known_bias)


def test_another_seed_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KNOWN, ((2, 2, 1), "kaiming_normal", 7), b"\0" * 8 * 9)
    assert MLP.initialise((2, 2, 1), seed=8).weights[0].any()
    assert not MLP.initialise((2, 2, 1), seed=7).weights[0].any()

"""Data sets: truth tables, shapes, and the user's own numbers with every fault told."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import (
    DATASETS,
    MLP,
    SGD,
    Adam,
    Dataset,
    InvalidValue,
    Trainer,
    accuracy,
    circles,
    continuous_xor,
    from_arrays,
    from_csv,
    gaussians,
    moons,
    spiral,
    xor,
)

SHAPES = [circles, gaussians, moons, spiral, continuous_xor]


def test_truth_tables() -> None:
    for name, column in (("XOR", [0, 1, 1, 0]), ("AND", [0, 0, 0, 1]), ("OR", [0, 1, 1, 1])):
        data = DATASETS[name]()
        assert data.name == name
        assert data.x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
        assert data.y[:, 0].tolist() == column
        assert len(data.x_test) == len(data.y_test) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_seeded_balanced_and_split(shape) -> None:
    data, again, other = shape(101, seed=3, test_share=0.2), shape(101, seed=3, test_share=0.2), shape(101, seed=4)
    assert np.array_equal(data.x, again.x)
    assert np.array_equal(data.x_test, again.x_test)
    assert not np.array_equal(data.x[:80], other.x[:80])
    assert (data.x.shape, data.y.shape, data.x_test.shape, data.y_test.shape) == ((81, 2), (81, 1), (20, 2), (20, 1))
    assert data.y.sum() + data.y_test.sum() == 50
    assert np.abs(data.x).max() < 2.5
    assert shape(100).x.shape == (100, 2)
    # noise moves the points and nothing else
    clean, noisy = shape(100, noise=0.0, seed=3), shape(100, noise=0.1, seed=3)
    assert np.array_equal(clean.y, noisy.y)
    assert (noisy.x - clean.x).std() == pytest.approx(0.1, rel=0.2)


def test_shapes_are_what_they_are_called() -> None:
    data = circles(500, noise=0.0)
    radius, inner = np.hypot(*data.x.T), data.y[:, 0] == 1
    assert radius[inner].max() < 0.5 < 0.7 < radius[~inner].min()
    data = continuous_xor(500, noise=0.0)
    assert np.array_equal(data.x[:, 0] * data.x[:, 1] < 0, data.y[:, 0] == 1)


@pytest.mark.parametrize(("shape", "least"), [(circles, 0.97), (moons, 0.97), (spiral, 0.9), (continuous_xor, 0.97)])
def test_a_hidden_layer_learns_what_a_perceptron_cannot(shape, least: float) -> None:
    data = shape(200, test_share=0.3, seed=1)
    perceptron = Trainer(MLP.initialise((2, 1), seed=1), data, "BCELoss", Adam(0.05))
    network = Trainer(MLP.initialise((2, 8, 8, 1), "Tanh", seed=1), data, "BCELoss", Adam(0.05))
    perceptron.run(300)
    network.run(600)
    assert perceptron.accuracy < 0.95
    assert accuracy(network.model.predict(data.x_test), data.y_test) >= least - 0.05
    assert network.accuracy >= least


def test_a_perceptron_separates_two_clouds() -> None:
    trainer = Trainer(MLP.initialise((2, 1), seed=1), gaussians(200, seed=1), "BCELoss", SGD(0.5))
    trainer.run(300)
    assert trainer.accuracy > 0.95


@given(
    st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3), min_size=1, max_size=8), st.sampled_from([",", ";", "\t", ", "])
)
@settings(deadline=None)
def test_csv_round_trip(rows: list[tuple[float, ...]], separator: str) -> None:
    text = "first, second, class\n" + "\n\n".join(separator.join(map(repr, row)) for row in rows) + "\r\n"
    text = text.replace("first, second, class", separator.join(("first", "second", "class")))
    data = from_csv("\ufeff" + text)
    assert data.x.tolist() == [list(row[:2]) for row in rows]
    assert data.y.tolist() == [[row[2]] for row in rows]


def test_csv_with_two_targets() -> None:
    data = from_csv("1,2,0,1\n3,4,1,0", "Mine", outputs=2)
    assert data.name == "Mine"
    assert data.y.tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: from_csv(""), "text is ''; it has no line of numbers"),
        (lambda: from_csv("a,b,c\n"), "text is 'a,b,c\\n'; it has no line of numbers"),
        (lambda: from_csv(7), "text is 7; it has to be the text of a CSV file"),
        (lambda: from_csv("a,b,c\n1,2,3\n\n1,2"), "line 4 has 2 columns; it needs 3"),
        (lambda: from_csv("1,2,3\n4,five,6"), "line 2, column 2 is 'five'; it has to be a number"),
        (lambda: from_csv("1,2,3\n4,,6"), "line 2, column 2 is ''; it has to be a number"),
        (lambda: from_csv("1,2,3\n4,inf,6"), "line 2, column 2 is 'inf'; it has to be finite"),
        (lambda: from_csv("1,2,3\nnan,1,6"), "line 2, column 1 is 'nan'; it has to be finite"),
        (
            lambda: from_csv("1,2\n" + "3" * 200_000 + ",4"),
            "line 2 cannot be read (field larger than field limit (131072)); it has to be numbers",
        ),
        (lambda: from_csv("1\n2"), "line 1 has 1 columns; it needs at least 2"),
        (lambda: from_csv("1,2\n" * 10_001), "line 10001 is row 10001; at most 10000 rows are allowed"),
        (lambda: from_csv("1,2", outputs=0), "outputs is 0; there has to be at least 1 target column"),
        (lambda: from_arrays([[1, 2]], [[1], [0]]), "y has 2 rows and x has 1; each row needs its target"),
        (lambda: from_arrays([], []), "x has shape (0,); it has to be (rows, inputs)"),
        (
            lambda: from_arrays(np.ones((0, 2)), np.ones((0, 1))),
            "x has 0 rows; there has to be at least 1 row to train on",
        ),
        (lambda: from_arrays([[np.nan, 1]], [[1]]), "x[0, 0] is nan; every value has to be finite"),
        (
            lambda: from_arrays(np.ones((10_001, 1)), np.ones((10_001, 1))),
            "x has 10001 rows; at most 10000 are allowed",
        ),
        (lambda: from_arrays(np.ones((2, 2, 2)), [[1], [1]]), "x has shape (2, 2, 2); it has to be (rows, columns)"),
        (
            lambda: from_arrays([[1, 2], [3]], [[1], [1]]),
            "x is [[1, 2], [3]]; it has to be an array of numbers (rows, inputs)",
        ),
        (
            lambda: Dataset("A", xor().x, xor().y, np.ones((1, 3)), np.ones((1, 1))),
            "the test rows have 3 columns and the rows to train on 2; they have to agree",
        ),
        (lambda: circles(1), "n is 1; it has to be from 2 to 10000 rows"),
        (lambda: circles(10_001), "n is 10001; it has to be from 2 to 10000 rows"),
        (lambda: moons(noise=-1), "noise is -1; it has to be a standard deviation, 0 or more"),
        (lambda: spiral(test_share=1.0), "test_share is 1.0; it has to be from 0 to below 1"),
    ],
)
def test_refusals_name_the_argument_and_the_value(call, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call()
    assert str(caught.value) == sentence

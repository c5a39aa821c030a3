"""The network as a value: shapes, ensembles, names, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium.engine import INITIALISATIONS, MLP, InvalidValue

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=6).map(tuple)


def test_forward_is_the_paper_s_equations() -> None:
    model = MLP(
        weights=(np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([[1.0], [-2.0]])),
        biases=(np.array([-0.5, 0.25]), np.array([0.125])),
        hidden="ReLU",
        output="Identity",
    )
    result = model.forward([[1.0, 1.0], [0.0, 0.0]])
    assert np.array_equal(result.z[0], [[1.5, -1.75], [-0.5, 0.25]])
    assert np.array_equal(result.a[1], [[1.5, 0.0], [0.0, 0.25]])
    assert np.array_equal(result.a[2], [[1.625], [-0.375]])
    assert np.array_equal(model.predict([[1.0, 1.0]]), [[1.625]])


@given(SIZES, st.lists(st.integers(0, 2**32), min_size=1, max_size=4), st.sampled_from(sorted(INITIALISATIONS)))
@settings(max_examples=40, deadline=None)
def test_an_ensemble_of_seeds_is_the_single_networks(sizes: tuple[int, ...], seeds: list[int], init: str) -> None:
    ensemble = MLP.initialise(sizes, init=init, seed=seeds)
    assert (ensemble.sizes, ensemble.ensemble_shape) == (sizes, (len(seeds),))
    x = np.random.default_rng(1).normal(size=(5, sizes[0]))
    for i, seed in enumerate(seeds):
        single, member = MLP.initialise(sizes, init=init, seed=seed), ensemble.member(i)
        for ours, theirs in zip(single.weights + single.biases, member.weights + member.biases, strict=True):
            assert np.array_equal(ours, theirs)
        assert np.array_equal(ensemble.predict(x)[i], single.predict(x))
    again = MLP.stack([ensemble.member(i) for i in range(len(seeds))])
    assert all(np.array_equal(a, b) for a, b in zip(again.weights, ensemble.weights, strict=True))


@pytest.mark.parametrize(
    ("init", "spread", "bias"),
    [
        ("kaiming_normal", np.sqrt(2 / 300), 0.0),
        ("kaiming_uniform", np.sqrt(6 / 300) / np.sqrt(3), 0.0),
        ("xavier_normal", np.sqrt(2 / 500), 0.0),
        ("xavier_uniform", np.sqrt(6 / 500) / np.sqrt(3), 0.0),
        ("linear_default", 1 / np.sqrt(300) / np.sqrt(3), 1 / np.sqrt(300) / np.sqrt(3)),
    ],
)
def test_initial_weights_have_the_spread_of_their_scheme(init: str, spread: float, bias: float) -> None:
    model = MLP.initialise((300, 200, 1), init=init, seed=3)
    assert model.weights[0].std() == pytest.approx(spread, rel=0.02)
    assert abs(model.weights[0].mean()) < 5 * spread / np.sqrt(60_000)
    assert model.biases[0].std() == pytest.approx(bias, rel=0.15)
    if "uniform" in init or init == "linear_default":
        assert np.abs(model.weights[0]).max() <= spread * np.sqrt(3)


@given(SIZES, st.sampled_from(["ReLU", "Tanh", "Sigmoid"]))
@settings(max_examples=30, deadline=None)
def test_state_dict_round_trip(sizes: tuple[int, ...], hidden: str) -> None:
    model = MLP.initialise(sizes, hidden, init="linear_default", seed=4)
    state = model.state_dict()
    names = [f"fc{i}.{part}" for i in range(1, len(sizes)) for part in ("weight", "bias")]
    assert list(state) == names
    assert state["fc1.weight"].shape == (sizes[1], sizes[0])
    blank = MLP.initialise(sizes, hidden, seed=5)
    for again in (MLP.from_state_dict(state, hidden), blank.load_state_dict(state)):
        assert again.kind == model.kind
        assert all(np.array_equal(a, b) for a, b in zip(again.weights, model.weights, strict=True))
        assert all(np.array_equal(a, b) for a, b in zip(again.biases, model.biases, strict=True))


def test_nothing_can_be_written_to() -> None:
    weight = np.ones((2, 1))
    model = MLP((weight,), (np.zeros(1),))
    weight[0, 0] = 5.0
    assert model.weights[0][0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        model.weights[0][0, 0] = 2.0
    with pytest.raises(AttributeError):
        model.hidden = "Tanh"  # type: ignore[misc]


def test_a_view_of_an_array_that_can_still_be_written_to_is_copied() -> None:
    weight = np.ones((2, 1))
    view = weight[:]
    view.flags.writeable = False
    model = MLP((view,), (np.zeros(1),))
    weight[0, 0] = 5.0
    assert model.weights[0][0, 0] == 1.0


def test_other_parameters_and_another_activation() -> None:
    model = MLP.initialise((2, 3, 1), seed=1)
    assert model.with_hidden("Tanh").hidden == "Tanh"
    assert model.with_hidden("Tanh").weights is model.weights
    doubled = model.with_parameters([2 * w for w in model.weights], model.biases)
    assert np.array_equal(doubled.weights[0], 2 * model.weights[0])
    assert model.parameter_count == 13


ONE = MLP.initialise((2, 3, 1), seed=1)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: MLP.initialise((2, 0, 1)), "sizes[1] is 0; a layer needs at least 1 neuron"),
        (lambda: MLP.initialise((2, 1.5, 1)), "sizes[1] is 1.5; a layer needs at least 1 neuron"),
        (lambda: MLP.initialise((2, True)), "sizes[1] is True; a layer needs at least 1 neuron"),
        (lambda: MLP.initialise((2,)), "sizes is (2,); a network needs an input and an output size, such as (2, 4, 1)"),
        (lambda: MLP.initialise("24"), "sizes is '24'; a network needs an input and an output size, such as (2, 4, 1)"),
        (lambda: MLP.initialise((2, 1), seed=-1), "seed is -1; a seed is a whole number, 0 or more"),
        (lambda: MLP.initialise((2, 1), seed=[]), "seed is empty; an ensemble needs at least one seed"),
        (
            lambda: MLP.initialise((2, 1), "relu"),
            "activation is 'relu'; known are ReLU, Sigmoid, Tanh, Identity",
        ),
        (
            lambda: MLP.initialise((2, 1), init="he"),
            "init is 'he'; known are kaiming_normal, kaiming_uniform, xavier_normal, xavier_uniform, linear_default",
        ),
        (lambda: ONE.predict([[0.0, np.nan]]), "x[0, 1] is nan; every value has to be finite"),
        (lambda: ONE.predict([[0.0]]), "x has shape (1, 1); its last axis has to be the 2 inputs"),
        (lambda: ONE.predict([0.0, 1.0]), "x has shape (2,); it has to be (rows, inputs)"),
        (lambda: ONE.predict("abc"), "x is 'abc'; it has to be an array of numbers (rows, inputs)"),
        (lambda: ONE.member(0), "index is 0; the ensemble has the shape ()"),
        (lambda: MLP.stack([ONE, ONE]).member(2), "index is 2; the ensemble has the shape (2,)"),
        (
            lambda: MLP.stack([ONE, ONE]).predict(np.zeros((3, 4, 2))),
            "x has shape (3, 4, 2); its leading axes have to be the ensemble's (2,), or absent",
        ),
        (lambda: MLP.stack([ONE, 7]), "models[1] is 7; it has to be an MLP"),
        (lambda: MLP(None, ()), "weights is None; it has to be a tuple of arrays"),
        (lambda: MLP.from_state_dict(None), "state is None; it has to be a dictionary of arrays"),
        (lambda: MLP.stack([]), "models is empty; an ensemble needs at least one network"),
        (
            lambda: MLP((np.ones((2, 3)),), (np.ones(2),)),
            "biases[0] has shape (2,); it has to be (3,)",
        ),
        (
            lambda: MLP((np.ones((2, 3)), np.ones((2, 1))), (np.ones(3), np.ones(1))),
            "weights[1] has shape (2, 1); it has to be (3, 1)",
        ),
        (
            lambda: MLP((np.ones((2, 3)),), ()),
            "weights and biases hold 1 and 0 arrays; each layer needs one of each",
        ),
        (
            lambda: MLP((np.full((2, 1), np.inf),), (np.ones(1),)),
            "weights[0][0, 0] is inf; every value has to be finite",
        ),
        (
            lambda: MLP.from_state_dict({"fc1.weight": np.ones((1, 2)), "bias": np.ones(1)}),
            "state has the names ['bias', 'fc1.weight']; it needs fc1.weight, fc1.bias, fc2.weight, ...",
        ),
    ],
)
def test_refusals_name_the_argument_and_the_value(call, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        call()
    assert str(caught.value) == sentence


def test_networks_of_different_shape_do_not_stack_or_load() -> None:
    other = MLP.initialise((2, 4, 1))
    with pytest.raises(InvalidValue, match=r"models\[1\] is .*\(2, 4, 1\).*models\[0\]"):
        MLP.stack([ONE, other])
    with pytest.raises(InvalidValue, match=r"state holds .*\(2, 4, 1\)"):
        ONE.load_state_dict(other.state_dict())
    with pytest.raises(InvalidValue, match="weights and biases make"):
        ONE.with_parameters(other.weights, other.biases)

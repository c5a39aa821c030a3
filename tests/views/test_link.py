"""Links and files: any experiment comes back from them, and nothing damaged does harm."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perceptorium import messages as m
from perceptorium.engine import InvalidValue
from perceptorium.experiment import FIELDS, Experiment
from perceptorium.fields import Choice, Flag, LayerSizes, Number, Whole
from perceptorium.link import SECTIONS, Link, pack, read, unpack, write
from perceptorium.selection import Weight
from perceptorium.session import initial_state, update
from perceptorium.session.sharing import address_of, file_of, history_csv, link_of
from perceptorium.views.panels import PANELS


def values(kind: object) -> st.SearchStrategy[object]:
    match kind:
        case Number():
            return st.floats(kind.low, kind.high)
        case Whole():
            whole = st.integers(kind.low, kind.high)
            return whole if kind.none is None else whole | st.none()
        case Choice():
            return st.sampled_from(kind.options)
        case Flag():
            return st.booleans()
        case LayerSizes():
            return st.lists(st.integers(1, kind.neurons), max_size=kind.layers).map(tuple)
        case _:
            raise AssertionError(kind)


experiments = st.builds(Experiment, **{name: values(kind) for name, kind in FIELDS.items()})
some_sections = st.lists(st.sampled_from(SECTIONS), unique=True).map(
    lambda names: tuple(n for n in SECTIONS if n in names)
)
some_fields = st.lists(st.sampled_from(list(FIELDS)), unique=True).map(
    lambda names: tuple(n for n in FIELDS if n in names)
)


@settings(max_examples=500, deadline=None)
@given(experiments, some_sections, some_fields, st.booleans())
def test_a_link_comes_back(experiment: Experiment, hide: tuple[str, ...], lock: tuple[str, ...], exact: bool) -> None:
    weights = pack(experiment.model()) if exact else None
    link = Link(experiment, weights, hide, lock)
    fragment = write(link)
    assert read(fragment) == link
    assert fragment.isascii()
    assert " " not in fragment


@settings(max_examples=100, deadline=None)
@given(experiments)
def test_weights_come_back_bit_for_bit(experiment: Experiment) -> None:
    model = experiment.model()
    back = unpack(pack(model), model)
    assert all(np.array_equal(a, b) for a, b in zip(model.weights, back.weights, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(model.biases, back.biases, strict=True))


@pytest.mark.parametrize("seed", range(500))
def test_a_damaged_link_is_used_as_far_as_it_goes(seed: int) -> None:
    luck = random.Random(seed)
    whole = write(
        Link(
            Experiment(hidden=(3, 5), activation="Tanh", learning_rate=0.3, seed=77),
            b"\0" * 8 * 41,
            ("lab",),
            ("seed",),
        )
    )
    text = list(whole)
    for _ in range(luck.randint(1, 6)):
        place = luck.randrange(len(text))
        choice = luck.random()
        if choice < 0.3:
            del text[place]
        elif choice < 0.6:
            text[place] = luck.choice("&=%,-_~<>\"'\\\0é🙂0123456789abcNaN ")
        else:
            text.insert(
                place, luck.choice(["&", "=", "%", "%ff", "&hidden=9-9", "&activation=<b>", "&x=1", "e999", "-" * 50])
            )
    damaged = "".join(text)
    link = read(damaged)
    assert all(len(sentence) < 300 for sentence in link.complaints)
    state = update(initial_state(), m.OpenLink(damaged))
    assert np.isfinite(state.standing.loss)
    assert state.experiment == link.experiment


def test_what_was_not_understood_is_named() -> None:
    link = read("activation=GELU&learning_rate=0.3&colour=red&hidden=4-9")
    assert link.experiment.learning_rate == 0.3
    assert link.experiment.activation == "ReLU"
    assert [sentence.split()[0] for sentence in link.complaints] == ["activation", "'colour'", "hidden[1]"]


def test_locked_fields_stay() -> None:
    state = update(initial_state(), m.OpenLink("activation=Tanh&lock=activation,hidden"))
    assert state.lock == ("hidden", "activation")
    for message in (m.Configure((("activation", "ReLU"),)), m.AddLayer(), m.SetNeurons(1, 2)):
        with pytest.raises(InvalidValue, match="locked"):
            update(state, message)
    assert update(state, m.Configure((("learning_rate", 0.5),))).experiment.learning_rate == 0.5
    text = str(PANELS["controls"].view(state))
    free = str(PANELS["controls"].view(initial_state()))
    assert text.count("'disabled'") > free.count("'disabled'")


def test_the_form_makes_the_link() -> None:
    state = initial_state()
    for option, name in (("weights", "weights"), ("hide", "lab"), ("lock", "seed"), ("lock", "hidden")):
        state = update(state, m.SetShare(option, name, on=True))  # type: ignore[arg-type]
    state = update(state, m.SetShare("lock", "seed", on=False))
    link = read(write(link_of(state)))
    assert (link.hide, link.lock, link.weights) == (("lab",), ("hidden",), pack(state.model))


def test_edited_first_weights_are_remembered() -> None:
    state = update(initial_state(), m.SetParameter(Weight(1, 0, 0), 0.125))
    again = update(initial_state(), m.OpenLink(address_of(state)))
    assert again.model.weights[0][0, 0] == 0.125
    assert address_of(initial_state()) == ""


def test_a_file_comes_back() -> None:
    state = initial_state(Experiment(hidden=(3,), activation="Sigmoid"))
    state = update(update(state, m.ToggleTraining()), m.Advance(10))
    again = update(initial_state(), m.OpenFile(file_of(state)))
    assert again.experiment == state.experiment
    assert again.standing.loss == state.standing.loss
    assert again.standing.epoch == 0


@pytest.mark.parametrize("seed", range(200))
def test_a_damaged_file_is_refused_in_words(seed: int) -> None:
    luck = random.Random(seed)
    text = file_of(initial_state())
    for _ in range(luck.randint(1, 4)):
        place = luck.randrange(len(text))
        junk = luck.choice(["", "{", '"', "[" * luck.choice([1, 200_000]), "NaN", "null", "\0", "-1", "AAAA"])
        text = text[:place] + junk + text[place + luck.randint(0, 30) :]
    refusal = ""
    try:
        state = update(initial_state(), m.OpenFile(text))
    except InvalidValue as error:
        refusal = str(error)
    else:
        assert np.isfinite(state.standing.loss)
    assert len(refusal) < 400


def test_the_history_is_a_table() -> None:
    state = update(update(initial_state(), m.ToggleTraining()), m.Advance(20))
    lines = history_csv(state).splitlines()
    assert lines[0] == "epoch,loss,accuracy"
    assert len(lines) == 22
    assert float(lines[-1].split(",")[1]) == state.standing.loss


def test_a_file_is_json() -> None:
    assert json.loads(file_of(initial_state()))["experiment"]["hidden"] == [4, 4]

"""The XOR playground: its pictures are the engine's numbers, and painting them is the same as drawing them anew."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from perceptorium import messages as m
from perceptorium.actions import parse
from perceptorium.engine import MLP, InvalidValue, xor
from perceptorium.engine.program import Array
from perceptorium.session import State, initial_state, update
from perceptorium.session.playground import AXIS, CELLS, GRID, HIGH, LOW, SIZES, outputs, table, why_not
from perceptorium.views.contour import contour
from perceptorium.views.diff import diff
from perceptorium.views.heatmap import LEFT, SIDE, TOP, inputs_at, picture, probe_text
from perceptorium.views.hidden_space import hidden_space, setting, stage
from perceptorium.views.markup import Element, render, text_content
from perceptorium.views.paint import apply_paint
from perceptorium.views.panels import PANELS

PARTS = PANELS["xor-panel"]
SNAPSHOTS = Path(__file__).parent / "snapshots"


def after(*messages: m.Message) -> State:
    state = initial_state()
    for message in messages:
        state = update(state, message)
    return state


def trained(hidden: int, epochs: int = 3000, **changes: object) -> State:
    fields = {"hidden": (hidden,) if hidden else (), **changes}
    return after(m.ConfigureXor(tuple(fields.items())), m.ToggleXor(), m.AdvanceXor(epochs))


def by_hand(model: MLP, x1: float, x2: float) -> float:
    """One prediction of a ReLU network with plain arithmetic."""
    values = [x1, x2]
    for layer, (weight, bias) in enumerate(zip(model.weights, model.biases, strict=True)):
        z = [
            sum(v * w for v, w in zip(values, column, strict=True)) + b
            for column, b in zip(weight.T.tolist(), bias.tolist(), strict=True)
        ]
        values = [max(v, 0.0) for v in z] if layer < len(model.weights) - 1 else z
    return float(1 / (1 + np.exp(-values[0])))


def pixels(address: str) -> tuple[Array, list[bytes]]:
    """The palette indices of a PNG, row by row from the top, and its chunks' kinds; checks every checksum."""
    data = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, kinds, rows = 8, [], b""
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(kind + body),)
        kinds.append(kind)
        rows = zlib.decompress(body) if kind == b"IDAT" else rows
        at += 12 + length
    table = np.frombuffer(rows, dtype=np.uint8).reshape(CELLS, CELLS + 1)
    assert not table[:, 0].any()
    return table[:, 1:].astype(np.float64), kinds


def test_the_default_learns_as_the_paper_says() -> None:
    state = trained(4)
    assert state.xor.experiment.sizes == (2, 4, 1)
    assert (state.xor.experiment.learning_rate, state.xor.experiment.activation) == (0.3, "ReLU")
    assert 200 <= state.xor.standing.epoch <= 500
    at = state.xor.standing
    result = f"Epoch {at.epoch}: loss {at.loss:.4g}, 4 of 4 points on the right side."
    assert state.xor.note == f"Stopped: the loss is below 0.01. {result}"
    assert not state.xor.running and table(state.xor)[1].all()


def test_the_map_is_a_direct_evaluation() -> None:
    model = trained(4).xor.model
    values = outputs(trained(4).xor)
    for row, column in [(0, 0), (0, 60), (60, 0), (31, 7), (44, 53)]:
        assert values[row, column] == pytest.approx(by_hand(model, AXIS[column], AXIS[row]), abs=1e-12)
    assert (AXIS[0], AXIS[-1], CELLS) == (LOW, HIGH, 61)
    assert GRID[60].tolist() == [HIGH, LOW]


def test_the_picture_holds_the_map() -> None:
    values = outputs(trained(4).xor)
    shown, kinds = pixels(picture(values))
    assert kinds == [b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"]
    np.testing.assert_allclose(shown[::-1] / 127, values, atol=0.5 / 127 + 1e-9)


@pytest.mark.parametrize("hidden", [0, 2, 4])
def test_the_boundary_is_where_the_network_says_one_half(hidden: int) -> None:
    state = trained(hidden)
    segments = contour(outputs(state.xor), 0.5, AXIS, AXIS)
    assert len(segments) > 50
    predictions = state.xor.model.predict(segments.reshape(-1, 2))
    np.testing.assert_allclose(predictions, 0.5, atol=0.02)
    over = outputs(state.xor) > 0.5
    crossings = (over[1:] != over[:-1]).sum() + (over[:, 1:] != over[:, :-1]).sum()
    assert len(np.unique(segments.reshape(-1, 2).round(9), axis=0)) == crossings


def test_a_contour_of_a_known_function() -> None:
    x, y = np.linspace(-1, 1, 41), np.linspace(-1, 1, 51)
    circle = contour(x**2 + y[:, np.newaxis] ** 2, 0.5, x, y)
    assert np.hypot(*circle.reshape(-1, 2).T) == pytest.approx(np.sqrt(0.5), abs=1e-3)
    assert np.linalg.norm(circle[:, 0] - circle[:, 1], axis=1).sum() == pytest.approx(
        2 * np.pi * np.sqrt(0.5), rel=1e-3
    )
    plane = contour(2 * x - y[:, np.newaxis], 0.3, x, y)
    np.testing.assert_allclose(2 * plane[..., 0] - plane[..., 1], 0.3, atol=1e-12)
    assert contour(np.zeros((51, 41)), 0.5, x, y).shape == (0, 2, 2)


@pytest.mark.parametrize(("level", "alone"), [(0.6, {(0.0, 0.0), (1.0, 1.0)}), (0.4, {(1.0, 0.0), (0.0, 1.0)})])
def test_a_saddle_is_parted_by_its_middle(level: float, alone: set[tuple[float, float]]) -> None:
    axis = np.array([0.0, 1.0])
    segments = contour(np.array([[1.0, 0.0], [0.0, 1.0]]), level, axis, axis)
    corners = {(float(x), float(y)) for x, y in np.rint(segments.mean(axis=1))}
    assert corners == alone


def coordinates(state: State) -> Array:
    """The four points of the hidden space, read back from where they are drawn."""
    at, (_, low, high) = stage(state.xor), setting(state.xor)
    shares = np.stack([(at.points[:, 0] - LEFT) / SIDE, 1 - (at.points[:, 1] - TOP) / SIDE], axis=-1)
    return low + shares * (high - low)


@pytest.mark.parametrize(("hidden", "units"), [(2, (0, 1)), (3, (0, 2)), (8, (5, 1))])
def test_two_units_are_the_engines_activations(hidden: int, units: tuple[int, int]) -> None:
    state = update(trained(hidden, 200), m.SpanXor(units))
    expected = state.xor.model.forward(xor().x).a[1][:, list(units)]
    np.testing.assert_allclose(coordinates(state), expected, atol=1e-12)


@pytest.mark.parametrize("hidden", [2, 3, 4, 8])
def test_components_are_the_directions_of_most_variance(hidden: int) -> None:
    state = update(trained(hidden, 200, activation="Tanh"), m.SpanXor("components"))
    points = state.xor.model.forward(xor().x).a[1]
    variances = np.linalg.eigvalsh(np.cov(points.T))[::-1]
    shown = coordinates(state)
    np.testing.assert_allclose(np.cov(shown.T), np.diag(variances[:2]), atol=1e-12)
    assert setting(state.xor)[0].share == pytest.approx(variances[:2].sum() / variances.sum())


@pytest.mark.parametrize("activation", ["ReLU", "Tanh"])
@pytest.mark.parametrize("hidden", [2, 3, 4, 8])
def test_a_points_side_of_the_dashed_line_is_its_prediction(hidden: int, activation: str) -> None:
    for epochs in (1, 100, 3000):
        state = trained(hidden, epochs, activation=activation)
        at = stage(state.xor)
        (x1, y1), (x2, y2) = at.line.tolist()
        across = np.array([y1 - y2, x2 - x1]) / np.hypot(x2 - x1, y2 - y1)
        across *= np.sign((at.side[2] - at.side[1]) @ across)  # towards the side that is drawn as class 1
        assert ((at.points - at.line[0]) @ across > 0).tolist() == (table(state.xor)[0] > 0.5).tolist()
        assert np.abs((at.bent - at.line[0]) @ across).max() < 3, "the boundary of the input space lies on the line"


def test_the_slider_leads_from_the_inputs_to_the_hidden_space() -> None:
    state = trained(4)
    there = stage(state.xor).points
    here = stage(update(state, m.MorphXor(0.0)).xor).points
    inputs = (xor().x - LOW) / (HIGH - LOW)
    np.testing.assert_allclose(here, np.stack([LEFT + SIDE * inputs[:, 0], TOP + SIDE * (1 - inputs[:, 1])], axis=-1))
    half = stage(update(state, m.MorphXor(0.5)).xor)
    np.testing.assert_allclose(half.points, (here + there) / 2)
    assert len(half.line) == 0


def test_a_straight_line_gets_three_of_four() -> None:
    """What the page says without a hidden layer, tried on 4,000 perceptrons: 14 ways to part the points, never XOR."""
    generator = np.random.default_rng(7)
    models = MLP((generator.normal(size=(4000, 2, 1)),), (generator.normal(size=(4000, 1)),))
    ways = {tuple(way) for way in (models.predict(xor().x)[:, :, 0] > 0.5).tolist()}
    right = [sum(said == bool(y) for said, y in zip(way, xor().y[:, 0], strict=True)) for way in ways]
    assert (len(ways), max(right)) == (14, 3)
    text = text_content(PARTS.view(trained(0, 2000)))
    assert "the best line gets 3 of 4" in text
    first, second = re.findall(r"z\(\d,\d\) \+ z\(\d,\d\) = (\S+?)(?=z|X)", text)
    assert first == second


@pytest.mark.parametrize("morph", [1.0, 0.3])
@pytest.mark.parametrize("hidden", SIZES)
def test_painting_is_the_view(hidden: int, morph: float) -> None:
    fields = (("hidden", (hidden,) if hidden else ()), ("activation", "Tanh"), ("stop_below", 0.0))
    state = after(m.ConfigureXor(fields), m.MorphXor(morph), m.ProbeXor((0.2, 0.9)), m.ToggleXor())
    painted = 0
    for epochs in (1, 1, 3, 40, 200, 1, 1000, 1):
        new = update(state, m.AdvanceXor(epochs))
        if PARTS.frame(state) == PARTS.frame(new):
            painted += 1
            assert list(diff(apply_paint(PARTS.paint(new), PARTS.view(state)), PARTS.view(new))) == []
        state = new
    assert painted >= 3


def found(tree: Element, attribute: str, value: str) -> Element:
    def all_of(node: Element) -> list[Element]:
        return [node, *(e for child in node.children if isinstance(child, Element) for e in all_of(child))]

    return next(element for element in all_of(tree) if element.get(attribute) == value)


def test_the_truth_table_is_the_engines() -> None:
    state = trained(4, 100)
    rows = found(PARTS.view(state), "aria-label", "Truth table").children[1]
    assert isinstance(rows, Element)
    model, data = state.xor.model, xor()
    for row, x, y in zip(rows.children, data.x.tolist(), data.y[:, 0].tolist(), strict=True):
        assert isinstance(row, Element)
        said = by_hand(model, *x)
        expected = [f"{x[0]:g}", f"{x[1]:g}", f"{y:g}", f"{said:.4f}", "right" if (said > 0.5) == y else "wrong"]
        assert [text_content(cell) for cell in row.children] == expected


def test_a_misclassified_point_has_another_shape() -> None:
    state = after()
    marks = re.findall(r' d="([^"]+)"[^>]* data-slot="xor-point" data-verdict="(\w+)"', render(PARTS.view(state)))
    shapes = {verdict: shape for shape, verdict in marks}
    assert set(shapes) == {"right", "wrong"} and shapes["right"] != shapes["wrong"]


def test_reading_the_map_by_pointer_and_by_key() -> None:
    state = trained(4)
    state = update(state, m.ProbeXor(inputs_at(0.25, 0.5)))
    assert state.xor.probe == (0.125, 0.5)
    assert f"the network says {by_hand(state.xor.model, 0.125, 0.5):.4f}" in probe_text(state.xor)
    state = update(state, m.MoveXorProbe(-1, 0))
    assert state.xor.probe == (0.075, 0.5)
    for _ in range(40):
        state = update(state, m.MoveXorProbe(0, 1))
    assert state.xor.probe == (0.075, HIGH)
    assert update(state, m.ProbeXor(None)).xor.probe is None


def test_what_does_not_learn_is_explained_and_helped() -> None:
    state = trained(3, 600)
    assert state.xor.standing.accuracy < 1
    finding, *_ = why_not(state.xor)
    assert finding.sentence in text_content(PANELS["xor-diagnosis"].view(state))
    helped = update(state, m.RemedyXor(0))
    assert helped.xor.running and helped.xor.experiment != state.xor.experiment
    faster = update(state, m.ConfigureXor((("learning_rate", 1.0),)))
    assert faster.xor.experiment.learning_rate == 1.0
    assert update(faster, m.NewXorWeights()).xor.experiment.learning_rate == 0.3
    with pytest.raises(InvalidValue, match="position is 9"):
        update(state, m.RemedyXor(9))
    assert why_not(after().xor) == ()


def test_controls() -> None:
    state = trained(4, 50)
    assert update(state, m.ToggleXor()).xor.running is False
    assert update(state, m.ResetXor()).xor.standing.epoch == 0
    assert update(state, m.ResetXor()).xor.model.state_dict().keys() == state.xor.model.state_dict().keys()
    assert update(state, m.NewXorWeights()).xor.experiment.seed == state.xor.experiment.seed + 1
    chosen = update(update(state, parse("xor-hidden", "3")), parse("xor-activation", "Tanh")).xor.experiment
    assert (chosen.hidden, chosen.activation) == ((3,), "Tanh")
    assert update(state, parse("xor-span", "0,3")).xor.span == (0, 3)
    assert update(state, parse("xor-span", "components")).xor.span == "components"
    assert update(state, parse("xor-morph", "0.5")).xor.morph == 0.5
    for refused, words in (
        (m.ConfigureXor((("hidden", (5,)),)), "hidden size is 5"),
        (m.SpanXor((0, 4)), "the hidden layer has the units 0 to 3"),
    ):
        with pytest.raises(InvalidValue, match=words):
            update(state, refused)


def test_the_workbench_and_the_playground_do_not_disturb_each_other() -> None:
    state = after(m.ToggleXor(), m.ToggleTraining())
    for _ in range(5):
        state = update(update(state, m.AdvanceXor(3)), m.Advance(7))
    alone = after(m.ToggleTraining(), m.Advance(35))
    assert (state.xor.standing.epoch, state.standing.epoch) == (15, 35)
    assert state.standing.loss == alone.standing.loss
    assert PARTS.unchanged(alone, update(alone, m.Advance(1)))
    assert PANELS["diagram"].unchanged(alone, update(alone, m.MorphXor(0.5)))


def test_the_network_goes_to_the_workbench() -> None:
    state = update(trained(4, 120), m.TakeXor())
    assert state.experiment == state.xor.experiment
    assert (state.standing.epoch, state.standing.loss) == (120, state.xor.standing.loss)
    further = update(update(state, m.ToggleTraining()), m.Advance(10))
    assert further.standing.loss == trained(4, 130).xor.standing.loss
    assert update(further, m.Reset()).standing.loss == after().xor.standing.loss


@pytest.mark.parametrize(("name", "hidden"), [("two-units", 2), ("output", 4)])
def test_snapshot(name: str, hidden: int) -> None:
    path = SNAPSHOTS / f"hidden-space-{name}.html"
    text = re.sub(r"(</g>|</text>|/></path>)", r"\1\n", render(hidden_space(trained(hidden).xor)))
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"wrote {path.name}: look at it, and commit it if it is right")
    assert text == path.read_text()

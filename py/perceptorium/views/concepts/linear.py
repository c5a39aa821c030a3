"""A linear layer with every weight, bias and input in reach, as a picture and as shapes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from perceptorium.session import State
from perceptorium.session.concepts import Linear
from perceptorium.session.concepts.linear import MOST, NUMBER, spoken
from perceptorium.views.concepts.fields import action, dial, whole
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.mathml import formula
from perceptorium.views.numbers import short

WORDS = (
    "nn.Linear multiplies its inputs by weights and adds a bias to each sum. PyTorch keeps W as (outputs, inputs), "
    "so the layer computes x @ W.T + b. Change any number and follow it to the outputs."
)
WIDTH, HEIGHT = 360.0, 206.0
LEFT, RIGHT, RADIUS = 62.0, 250.0, 19.0


linear_frame = partial(frame_of, concept="linear")


def linear(state: State) -> Element:
    """The panel."""
    layer = state.concepts.linear
    return panel(
        state,
        "linear",
        "Linear layers",
        words=WORDS,
        body=(_sizes(layer), _picture(layer), _numbers(layer), _shapes(layer), formula("linear"),
              formula("linear-sum")),
    )  # fmt: skip


def _sizes(layer: Linear) -> Element:
    return h(
        "div",
        whole("Inputs", layer.inputs, 1, MOST, action("linear", "inputs")),
        whole("Outputs", layer.outputs, 1, MOST, action("linear", "outputs")),
        h("span", f"{layer.parameter_count} parameters: {layer.inputs}·{layer.outputs} weights and "
          f"{layer.outputs} {'bias' if layer.outputs == 1 else 'biases'}", class_="number"),
        class_="group concept-controls",
    )  # fmt: skip


def _numbers(layer: Linear) -> Element:
    """A dial for every number, laid out as the matrices are."""
    rows, columns = range(layer.outputs), range(layer.inputs)
    return h(
        "div",
        _block("W", [f"W:{row}:{column}" for row in rows for column in columns], layer.weight.ravel().tolist(),
               f"columns-{layer.inputs}"),
        _block("b", [f"b:{row}" for row in rows], layer.bias.tolist(), "columns-1"),
        _block("x", [f"x:{column}" for column in columns], layer.x[0].tolist(), f"columns-{layer.inputs}"),
        class_="dials",
    )  # fmt: skip


def _block(name: str, places: list[str], values: list[float], columns: str) -> Element:
    dials = (
        dial(spoken(place), value, NUMBER.low, NUMBER.high, NUMBER.step, action("linear", place))
        for place, value in zip(places, values, strict=True)
    )
    return h("fieldset", h("legend", name), *dials, class_=columns, key=name)


def _shapes(layer: Linear) -> Element:
    n, k = layer.inputs, layer.outputs
    return h(
        "p",
        f"x (1, {n}) @ W.T ({n}, {k}) + b ({k},) → y (1, {k}); W itself is ({k}, {n}).",
        class_="formula",
    )


def _heights(count: int) -> list[float]:
    return [HEIGHT * (index + 0.5) / count for index in range(count)]


def _picture(layer: Linear) -> Element:
    y = layer.y[0].tolist()
    said = ", ".join(f"y[{row}] = {short(value)}" for row, value in enumerate(y))
    return h(
        "svg",
        h("title", "Linear layer"),
        h("desc", said),
        *_edges(layer),
        *(_unit(LEFT, at, f"x[{i}]", short(value)) for i, (at, value) in enumerate(
            zip(_heights(layer.inputs), layer.x[0].tolist(), strict=True))),
        *(_unit(RIGHT, at, f"y[{j}]", short(value)) for j, (at, value) in enumerate(
            zip(_heights(layer.outputs), y, strict=True))),
        *(h("text", f"b[{j}] {short(value)}", x=RIGHT + RADIUS + 8, y=at + 4, class_="small")
          for j, (at, value) in enumerate(zip(_heights(layer.outputs), layer.bias.tolist(), strict=True))),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_="concept-picture",
        role="img",
        aria_label="Linear layer",
    )  # fmt: skip


def _edges(layer: Linear) -> Iterator[Child]:
    """Lines as wide as their weight is large; negative ones are dashed as well as red."""
    for j, end in enumerate(_heights(layer.outputs)):
        for i, start in enumerate(_heights(layer.inputs)):
            weight = float(layer.weight[j, i])
            yield h(
                "line",
                x1=LEFT + RADIUS,
                x2=RIGHT - RADIUS,
                y1=round(start, 1),
                y2=round(end, 1),
                stroke_width=round(0.6 + 2.2 * abs(weight), 2),
                class_="edge",
                data_sign="-" if weight < 0 else "+",
            )


def _unit(x: float, y: float, name: str, value: str) -> Element:
    y = round(y, 1)
    return h(
        "g",
        h("circle", cx=x, cy=y, r=RADIUS, class_="unit"),
        h("text", value, x=x, y=y + 4, class_="middle"),
        h("text", name, x=x, y=y - RADIUS - 4, class_="middle small"),
    )

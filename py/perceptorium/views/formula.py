"""A neuron's and a weight's arithmetic with their own numbers in it (paper eq. 2, 3 and 8 to 10)."""

from __future__ import annotations

from perceptorium.engine import Snapshot
from perceptorium.engine.program import Array
from perceptorium.selection import Neuron, Weight
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.numbers import short
from perceptorium.views.scene import neuron_name, weight_name

DIGITS = 4
"""Significant digits of the numbers in a formula."""


def number(value: float) -> str:
    """A number in a formula."""
    return short(value, DIGITS)


def factor(value: float) -> str:
    """A number within a product or sum: negative ones in parentheses."""
    text = number(value)
    return f"({text})" if text.startswith("\N{MINUS SIGN}") else text


def weighted_sum(frame: Snapshot, neuron: Neuron, row: int, layers: int) -> Element:
    """``z = 0.52·1.00 + (−1.31)·0.00 + 0.07 = 0.59``, each term a button that selects its connection."""
    weight = weights_of(frame, neuron.layer)[:, neuron.index]
    inputs = activations_of(frame, neuron.layer - 1)[row]
    bias = biases_of(frame, neuron.layer)[neuron.index]
    terms: list[Child] = []
    for source, (w, a) in enumerate(zip(weight.tolist(), inputs.tolist(), strict=True)):
        named = weight_name(Weight(neuron.layer, source, neuron.index), layers)
        terms += [
            " + " if source else "",
            h(
                "button",
                f"{factor(w)}·{factor(a)}",
                type="button",
                class_="term",
                aria_label=f"{named}: {factor(w)}·{factor(a)}",
                data_click=f"select:{neuron.layer}:{source}:{neuron.index}",
            ),
        ]
    z = pre_activations_of(frame, neuron.layer)[row, neuron.index]
    return h("p", "z = ", terms, f" + {factor(float(bias))} = {number(float(z))}", class_="formula")


def activation_line(frame: Snapshot, neuron: Neuron, row: int, function: str) -> Element:
    """``a = ReLU(z) = 0.59``."""
    a = activations_of(frame, neuron.layer)[row, neuron.index]
    z = pre_activations_of(frame, neuron.layer)[row, neuron.index]
    written = "σ" if function == "Sigmoid" else function.lower() if function == "Tanh" else function
    middle = "z" if function == "Identity" else f"{written}({number(float(z))})"
    return h("p", f"a = {middle} = {number(float(a))}", class_="formula")


def expression(neuron: Neuron, layers: int, function: str, row: int | None) -> str:
    """The PyTorch expression of a neuron's activation, such as ``F.relu(fc1(x))[2]``."""
    if neuron.layer == 0:
        return f"X[{row}, {neuron.index}]" if row is not None else f"X[:, {neuron.index}]"
    inner = "x" if neuron.layer == 1 else f"h{neuron.layer - 1}"
    call = f"fc{neuron.layer}({inner})"
    hidden = neuron.layer < layers - 1
    if function == "Identity":
        return f"{call}[{neuron.index}]"
    module = "F.relu" if function == "ReLU" else f"torch.{function.lower()}"
    return f"{module}({call})[{neuron.index}]" if hidden else f"torch.{function.lower()}({call})[{neuron.index}]"


def delta_line(frame: Snapshot, neuron: Neuron, row: int, layers: int, loss: str) -> Element | None:
    """How ∂L/∂z of one neuron comes about for one row, or None while this step has not computed it."""
    delta = frame.delta[neuron.layer - 1]
    if delta is None:
        return None
    value = number(float(delta[row, neuron.index]))
    if neuron.layer == layers - 1:
        reason = {
            "MSELoss": "2(ŷ − y)/n · f′(z)",
            "HalfSquaredError": "(ŷ − y) · f′(z)",
            "BCELoss": "(ŷ − y)/n",
            "BCEWithLogitsLoss": "(σ(z) − y)/n",
        }[loss]
        return h("p", f"δ = {reason} = {value}", class_="formula")
    outgoing = weights_of(frame, neuron.layer + 1)[neuron.index]
    after = frame.delta[neuron.layer]
    if after is None:
        return None
    terms = " + ".join(f"{factor(w)}·{factor(d)}" for w, d in zip(outgoing.tolist(), after[row].tolist(), strict=True))
    return h("p", f"δ = ({terms}) · f′(z) = {value}", class_="formula")


def gradient_line(frame: Snapshot, weight: Weight, layers: int) -> Element | None:
    """``∂L/∂w = Σ δ·a`` over the rows with their numbers, or None while this step has not computed it."""
    delta, grads = frame.delta[weight.layer - 1], frame.weight_grads[weight.layer - 1]
    if delta is None or grads is None:
        return None
    inputs = activations_of(frame, weight.layer - 1)[:, weight.source]
    pairs = list(zip(delta[:, weight.target].tolist(), inputs.tolist(), strict=True))
    shown = " + ".join(f"{factor(d)}·{factor(a)}" for d, a in pairs[:MOST_TERMS])
    rest = f" + … ({len(pairs)} rows)" if len(pairs) > MOST_TERMS else ""
    names = f"δ of {neuron_name(weight.layer, weight.target, layers)} times a of "
    names += neuron_name(weight.layer - 1, weight.source, layers)
    return h(
        "p",
        f"∂L/∂w = Σ δ·a = {shown}{rest} = {number(float(grads[weight.source, weight.target]))}",
        class_="formula",
        title=f"{names}, summed over the rows",
        data_part="backward",
    )


MOST_TERMS = 8
"""Rows whose products are written out."""


def weights_of(frame: Snapshot, layer: int) -> Array:
    """Weights that the step computed with (before its update), ``(fan_in, fan_out)``."""
    return (frame.before or frame.model).weights[layer - 1]


def biases_of(frame: Snapshot, layer: int) -> Array:
    """Biases that the step computed with, ``(fan_out,)``."""
    return (frame.before or frame.model).biases[layer - 1]


def activations_of(frame: Snapshot, layer: int) -> Array:
    """Activations of a layer, ``(rows, units)``; layer 0 is the input. The layer must have been computed."""
    values = frame.x if layer == 0 else frame.a[layer - 1]
    assert values is not None
    return values


def pre_activations_of(frame: Snapshot, layer: int) -> Array:
    """z of a layer, ``(rows, units)``. The layer must have been computed."""
    values = frame.z[layer - 1]
    assert values is not None
    return values

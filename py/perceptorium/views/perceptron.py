"""Why no network without a hidden layer computes XOR, shown with the numbers of the one on screen."""

from __future__ import annotations

from perceptorium.session.playground import Playground, dataset, table
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import fixed
from perceptorium.views.paint import Paint, Texts


def perceptron(xor: Playground) -> Element:
    """The sums that every straight line shares, and what follows from them."""
    numbers = _numbers(xor)
    return h(
        "figure",
        h("h3", "No hidden space"),
        h(
            "p",
            "Without a hidden layer the output is sigmoid(z) with z = w₁x₁ + w₂x₂ + b, and z = 0 is a straight line. "
            "Whatever the weights, its values at opposite corners have the same sum, because both sums are "
            "w₁ + w₂ + 2b. Here:",
        ),
        h(
            "p",
            "z(0,0) + z(1,1) = ",
            h("span", numbers[0], class_="number", data_slot="xor-sum"),
            h("br"),
            "z(0,1) + z(1,0) = ",
            h("span", numbers[1], class_="number", data_slot="xor-sum"),
            class_="formula sums",
        ),
        h(
            "p",
            "XOR needs the first sum below 0 (both corners are 0) and the second above 0 (both are 1). One number "
            "cannot be both, so at least one point is always on the wrong side: the best line gets 3 of 4.",
        ),
        h("p", _score(xor), data_slot="xor-score", class_="score"),
        h(
            "p",
            "Give it 2 hidden neurons, and the line may bend.",
            class_="hint",
        ),
        class_="why-not",
    )


def perceptron_paint(xor: Playground) -> tuple[Paint, ...]:
    """The moving parts of `perceptron`."""
    return Texts("xor-sum", _numbers(xor)), Texts("xor-score", (_score(xor),))


def _numbers(xor: Playground) -> tuple[str, str]:
    z00, z01, z10, z11 = xor.model.forward(dataset().x).z[0][:, 0].tolist()
    return fixed(z00 + z11, 9), fixed(z01 + z10, 9)


def _score(xor: Playground) -> str:
    return f"This line gets {int(table(xor)[1].sum())} of 4."

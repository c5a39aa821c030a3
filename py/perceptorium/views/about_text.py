"""What *About the method* says: the equations and where they are in the code, and what differs from the paper.

A quotation names a file of the package and the beginnings of its first and last line; the build reads the lines, so
that the page shows the code that runs, or is not built.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quotation:
    """Lines of ``py/perceptorium/<file>``, from the one that begins with ``first`` to one with ``last``."""

    file: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Equation:
    """One of the paper's equations.

    Attributes:
        number: in the paper.
        says: in words.
        code: what computes it.
    """

    number: int
    says: str
    code: Quotation


_WORKSPACE, _ACTIVATIONS, _LOSSES = "engine/workspace.py", "engine/activations.py", "engine/losses.py"

EQUATIONS = (
    Equation(
        1,
        "He initialisation: weights from a normal distribution as wide as the layer's fan-in allows, biases zero.",
        Quotation("engine/initialisation.py", "def kaiming_normal", "return weight"),
    ),
    Equation(
        2,
        "A neuron adds up what it is given, each input times its weight, and its bias. In code one matrix product does "
        "this for all neurons of a layer and all rows; the bias is the weight of an input that is always 1.",
        Quotation(_WORKSPACE, "product = op(np.matmul", "product = op(np.matmul"),
    ),
    Equation(
        3,
        "Its activation is a function of that sum: the chosen one in hidden layers, the sigmoid at the output.",
        Quotation(_WORKSPACE, "self.forward.append", "self.forward.append"),
    ),
    Equation(4, "The rectifier.", Quotation(_ACTIVATIONS, "return (op(np.maximum", "return (op(np.maximum")),
    Equation(
        5,
        "The logistic function. (The paper's text has lost the minus sign of the exponent.)",
        Quotation(_ACTIVATIONS, "return (op(np.negative", "return (op(np.negative"),
    ),
    Equation(
        6,
        "The hyperbolic tangent. (Here, too, the minus signs are lost in the paper's text.)",
        Quotation(_ACTIVATIONS, "return (op(np.tanh", "return (op(np.tanh"),
    ),
    Equation(
        7,
        "The mean squared error, over all rows and outputs, as nn.MSELoss has it.",
        Quotation(_LOSSES, "def _squared_value", "return program"),
    ),
    Equation(
        8,
        "The error of the output. The paper leaves out the factor 2/n, which the derivative of equation 7 has, and "
        "PyTorch too; without it, this is the gradient of ½ Σ (ŷ − y)², which the settings offer as well.",
        Quotation(_LOSSES, "return (op(np.multiply, b.gradient, constant(2.0", "return (op(np.multiply, b.gradient"),
    ),
    Equation(
        9,
        "The error of a hidden layer: what the next layer's errors are to it through the weights, times its slope.",
        Quotation(_WORKSPACE, "arrive = (op(np.matmul, parameters[layer + 1]", "arrive = (*arrive, *through"),
    ),
    Equation(
        10,
        "Every weight moves against its gradient, which is the error behind it times the activation before it.",
        Quotation("engine/optimisers.py", "return (op(np.multiply, gradient, rate", "return (op(np.multiply, gradient"),
    ),
)

DIFFERENCES = (
    (
        "Backpropagation",
        (
            "The paper's public implementation updates hidden layers without the error term and with weights that "
            "have already changed, and uses the sigmoid's slope for tanh. Ported as it is (2-4-4-1, η = 0.1, 200 "
            "starts, 2,000 epochs), no ReLU network learns and 134 end in NaN; no tanh network learns. By equations "
            "8 to 10, from the same starts, 154 and 199 learn. This page computes the equations."
        ),
    ),
    (
        "The gradient of the loss",
        (
            "Equation 8 is the gradient of half the squared error, not of equation 7. The page trains with "
            "PyTorch's mean squared error, so that the program on screen does what the picture shows; "
            "HalfSquaredError is the paper's."
        ),
    ),
    (
        "Whole batch or row by row",
        (
            "The program that the paper generates looks at all four rows before each step; the paper's experiments "
            "take a step after each row. Both are here: the workbench begins with the first, the lab uses the "
            "second."
        ),
    ),
    (
        "Table 3",
        (
            "The success rates and epochs of the paper's table 3 do not follow from the method that it describes. "
            "The lab shows its numbers and ours side by side, and does not bend ours to theirs."
        ),
    ),
    (
        "Sigmoid in hidden layers",
        (
            "At η = 0.1 it learns XOR from none of 200 starts, although nothing is wrong with the program. That is "
            "a fact worth seeing; the page says so and what helps."
        ),
    ),
    (
        "Not every start learns",
        (
            "About a quarter of the runs never learn: rectifiers die or the loss rests on a plateau. The page opens "
            "with a seed that learns, and explains a run that does not."
        ),
    ),
    (
        "Layers",
        (
            "The paper says 2 to 6 layers, its implementation takes no fewer than 3. Here 2 are allowed: a "
            "perceptron, which cannot learn XOR, is where the story begins."
        ),
    ),
    (
        "What the charts and buttons do",
        (
            "In the paper's page, Reset keeps the old curve, a forward pass undoes biases, the inspector adds the "
            "bias twice, and the loss at epoch 0 is invented. Here each number on screen is computed, and tests "
            "compare it."
        ),
    ),
)

PARITY = (
    (
        "The same weights in PyTorch (float64) give the same loss, gradients within 1e-12 and, after 300 epochs, "
        "parameters within 1e-9, for every shape, activation, loss and optimiser that the tests combine."
    ),
    "Programs of all kinds that the page shows are run by PyTorch in the tests, and what they print is compared.",
    (
        "The compiled network, which is WebAssembly written by Python, is compared with the NumPy engine and "
        "PyTorch; it may be switched off under More settings, and the page then computes the same numbers more "
        "slowly."
    ),
    "The engine's tests run twice: in CPython on the developer's machine, and in the Python of this page.",
)

"""The page's formulas: LaTeX here, MathML in ``perceptorium/views/mathml_data.py``, which ``formulas`` writes.

The converter (latex2mathml) runs on a developer's machine only. What it makes is committed as plain data in the form
of the views' Elements, so that neither the page nor the build needs a converter or a parser.
"""

import pprint
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from sitebuild import paths

TARGET = paths.ROOT / "py" / "perceptorium" / "views" / "mathml_data.py"

LATEX = {
    "matmul": r"(A B)_{ij} = \sum_{k} A_{ik} \, B_{kj}",
    "linear": r"y = x W^{\top} + b",
    "linear-sum": r"y_j = \sum_{i} W_{ji} \, x_i + b_j",
    "relu": r"f(x) = \max(0, x), \quad f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
    "sigmoid": r"\sigma(x) = \frac{1}{1 + e^{-x}}, \quad \sigma'(x) = \sigma(x) \, (1 - \sigma(x))",
    "tanh": r"f(x) = \tanh(x), \quad f'(x) = 1 - \tanh^2(x)",
    "identity": r"f(x) = x, \quad f'(x) = 1",
    "collapse": r"W_2 (W_1 x + b_1) + b_2 = (W_2 W_1) \, x + (W_2 b_1 + b_2)",
    "chain": r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial a} \cdot"
    r"\frac{\partial a}{\partial z} \cdot \frac{\partial z}{\partial w}",
    "nudge": r"\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2 \varepsilon}",
    "sgd": r"p \leftarrow p - \eta \, g",
    "momentum": r"v \leftarrow \mu v + g, \quad p \leftarrow p - \eta \, v",
    "adam": r"m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2",
    "adam-step": r"p \leftarrow p - \eta \, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}",
    "ravine": r"f(x, y) = \frac{1}{10} x^2 + 4 y^2",
    "valleys": r"f(x, y) = \frac{1}{4} x^4 - \frac{1}{2} x^2 + \frac{1}{5} x + y^2",
    "mse": r"\mathrm{MSE} = (p - y)^2",
    "bce": r"\mathrm{BCE} = -y \ln p - (1 - y) \ln(1 - p)",
    "paper-1": r"w \sim \mathcal{N}\left(0, \sqrt{2 / n_{\mathrm{in}}}\right), \quad b = 0",
    "paper-2": r"z_j^{(l)} = \sum_i w_{ij} \, a_i^{(l-1)} + b_j^{(l)}",
    "paper-3": r"a_j^{(l)} = f\left(z_j^{(l)}\right)",
    "paper-4": r"\mathrm{ReLU}(x) = \max(0, x)",
    "paper-5": r"\mathrm{Sigmoid}(x) = \frac{1}{1 + e^{-x}}",
    "paper-6": r"\mathrm{Tanh}(x) = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
    "paper-7": r"L = \frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2",
    "paper-8": r"\delta_{\mathrm{out}} = \frac{2}{n} (\hat{y} - y) \cdot \sigma'(z)",
    "paper-9": r"\delta_h = \left(\sum w \cdot \delta_{\mathrm{next}}\right) \cdot f'(z)",
    "paper-10": r"w \leftarrow w - \eta \cdot \delta \cdot a_{\mathrm{prev}}, \quad b \leftarrow b - \eta \cdot \delta",
    "cross-entropy": r"\mathrm{CE} = -\ln \frac{e^{z_c}}{\sum_k e^{z_k}}",
}
"""Display formulas by the name under which `perceptorium.views.mathml.formula` finds them."""

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_HEAD = '''"""The page's formulas as MathML, by name; ``python -m sitebuild formulas`` writes this file.

A node is text, or (tag, attributes, children), the fields of an Element.
"""

from typing import Any

FORMULAS: dict[str, Any] = '''


def source() -> str:
    """The text of the data module."""
    from latex2mathml.converter import convert

    trees = {name: tree(ET.fromstring(convert(latex, display="block"))) for name, latex in LATEX.items()}
    return _HEAD + pprint.pformat(trees, width=118, sort_dicts=False) + "\n"


def tree(node: ET.Element) -> tuple[str, tuple[tuple[str, str], ...], tuple[Any, ...]]:
    """A MathML element as nested tuples."""
    children = [node.text, *(part for child in node for part in (tree(child), child.tail))]
    return node.tag.removeprefix(_NAMESPACE), tuple(sorted(node.attrib.items())), tuple(filter(None, children))


def write(target: Path = TARGET) -> Path:
    """Write the data module anew."""
    target.write_text(source(), "utf-8")
    return target

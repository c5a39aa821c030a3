"""Backpropagation: a small graph, one node at a time, and a nudge that checks the gradients."""

from __future__ import annotations

from functools import partial

from perceptorium.session import State
from perceptorium.session.concepts import Backprop
from perceptorium.session.concepts.backprop import BACKWARD, FORWARD, LEAVES, NUDGE
from perceptorium.views.concepts.fields import action, dial, pick
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.controls import button
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.mathml import formula
from perceptorium.views.numbers import short

WORDS = (
    "Forward, every node computes its value from the nodes above it. Backward, every node multiplies the gradient it "
    "gets by its own slope and hands the product on. That is all of backpropagation."
)
LAST = len(FORWARD) + len(BACKWARD)
NODES = {"m": "m = w·x", "z": "z = m + b", "a": "a = tanh(z)", "e": "e = a − y", "L": "L = e²"}
INTO = {"m": ("x", "w"), "z": ("m", "b"), "a": ("z",), "e": ("a", "y"), "L": ("e",)}
PLACES = {
    "x": (58.0, 30.0), "w": (58.0, 92.0), "b": (58.0, 154.0), "y": (58.0, 278.0),
    "m": (262.0, 61.0), "z": (262.0, 123.0), "a": (262.0, 185.0), "e": (262.0, 247.0), "L": (262.0, 309.0),
}  # fmt: skip
WIDTH, HEIGHT = 360.0, 340.0
HALF_LEAF, HALF_NODE, HALF_HIGH = 52.0, 88.0, 24.0


backprop_frame = partial(frame_of, concept="backprop")


def backprop(state: State) -> Element:
    """The panel."""
    graph = state.concepts.backprop
    return panel(
        state,
        "backprop",
        "Backpropagation",
        words=WORDS,
        body=(_controls(graph), _picture(graph), h("p", _told(graph), class_="formula", role="status"),
              formula("chain"), _check(graph), formula("nudge")),
    )  # fmt: skip


def _controls(graph: Backprop) -> Element:
    def move(name: str, position: int) -> Element:
        inside = 0 <= position <= LAST and position != graph.position
        return button(name, f"concept-set:backprop:position:{min(max(position, 0), LAST)}", disabled=not inside)

    return h(
        "div",
        h(
            "div",
            move("Start over", 0),
            move("Previous node", graph.position - 1),
            move("Next node", graph.position + 1),
            move("All nodes", LAST),
            class_="group",
        ),
        h(
            "div",
            *(dial(name, getattr(graph, name), -2.0, 2.0, 0.25, action("backprop", name)) for name in LEAVES),
            class_="dials",
        ),
        class_="group concept-controls",
    )


def _picture(graph: Backprop) -> Element:
    return h(
        "svg",
        h("title", "Computation graph"),
        h("desc", _in_words(graph)),
        *(_arrow(graph, source, node) for node, sources in INTO.items() for source in sources),
        *(_node(graph, name) for name in PLACES),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_="concept-picture",
        role="img",
        aria_label="Computation graph",
    )


def _in_words(graph: Backprop) -> str:
    """Every node of the picture, as far as it is computed."""
    nodes = (", ".join(texts) for texts in (_texts(graph, name) for name in PLACES) if "?" not in texts[0])
    return f"{'; '.join(nodes)}."


def _texts(graph: Backprop, name: str) -> tuple[str, str]:
    """Value and gradient of a node."""
    value = f"{graph.values[name]:.4f}" if name in graph.known else "?"
    gradient = f"{graph.gradients[name]:.4f}" if name in graph.derived else "?"
    return f"{NODES.get(name, name)} = {value}".replace("-", "−"), f"grad {gradient}".replace("-", "−")


def _node(graph: Backprop, name: str) -> Element:
    x, y = PLACES[name]
    half = HALF_LEAF if name in LEAVES else HALF_NODE
    value, gradient = _texts(graph, name)
    kinds = ["node"] + ["current"] * (name == graph.current) + ["waiting"] * (name not in graph.known)
    return h(
        "g",
        h("rect", x=x - half, y=y - HALF_HIGH, width=2 * half, height=2 * HALF_HIGH, rx=6),
        h("text", value, x=x, y=y - 4, class_="middle"),
        h("text", gradient, x=x, y=y + 14, class_="middle gradient"),
        class_=" ".join(kinds),
    )


def _arrow(graph: Backprop, source: str, node: str) -> Element:
    """The line between two nodes; solid once the value has gone down it, thick once the gradient has come back."""
    x, y = PLACES[source]
    end, below = PLACES[node]
    leaf = source in LEAVES
    kind = "back" if source in graph.derived else "forth" if node in graph.known else "idle"
    return h(
        "line",
        x1=x + HALF_LEAF if leaf else x,
        y1=y if leaf else y + HALF_HIGH,
        x2=end - HALF_NODE if leaf else end,
        y2=below if leaf else below - HALF_HIGH,
        class_=f"arrow {kind}",
    )


def _told(graph: Backprop) -> str:
    """What the last node did, with its numbers."""
    node, v, g = graph.current, graph.values, graph.gradients
    if node is None:
        return "Nothing is computed yet: Next node computes m."
    if graph.position <= len(FORWARD):
        sums = {
            "m": f"{_number(v['w'])} · {_number(v['x'])}",
            "z": f"{_number(v['m'])} + {_number(v['b'])}",
            "a": f"tanh {_number(v['z'])}",
            "e": f"{_number(v['a'])} − {_number(v['y'])}",
            "L": f"{_number(v['e'])}²",
        }
        return f"Forward: {NODES[node]} = {sums[node]} = {short(v[node])}"
    slopes: dict[str, tuple[str, float]] = {
        "e": ("L", 2 * v["e"]), "a": ("e", 1.0), "y": ("e", -1.0), "z": ("a", 1 - v["a"] ** 2), "m": ("z", 1.0),
        "b": ("z", 1.0), "w": ("m", v["x"]), "x": ("m", v["w"]),
    }  # fmt: skip
    if node == "L":
        return "Backward: the gradient of L by itself is 1."
    after, slope = slopes[node]
    return (
        f"Backward: ∂L/∂{node} = ∂L/∂{after} · ∂{after}/∂{node} = {_number(g[after])} · {_number(slope)} "
        f"= {short(g[node])}"
    )


def _number(value: float) -> str:
    text = short(value)
    return f"({text})" if text.startswith("−") else text


def _check(graph: Backprop) -> Element:
    up, down, slope = graph.nudge()
    name, gradient = graph.nudged, graph.gradients[graph.nudged]
    worded: Child = (
        f"{name} + {NUDGE}: L = {up:.6f}; {name} − {NUDGE}: L = {down:.6f}. The slope between them is {short(slope)}; "
        f"backpropagation says {short(gradient)}."
    )
    options = tuple((leaf, leaf) for leaf in LEAVES)
    return h(
        "div",
        pick("Nudge", options, name, "backprop", "nudged"),
        h("p", worded, class_="formula", role="status"),
        class_="nudge-check",
    )

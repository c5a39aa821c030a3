"""The race of three optimizers over a surface with contours, from a start that the learner sets."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.session import State
from perceptorium.session.concepts import Optimizers
from perceptorium.session.concepts.optimizers import MOMENTUM, MOST_STEPS, NAMES, SPAN, SURFACES
from perceptorium.views.concepts.fields import action, choice, dial
from perceptorium.views.concepts.frame import frame_of, panel
from perceptorium.views.contour import contour
from perceptorium.views.markup import Element, h
from perceptorium.views.mathml import formula
from perceptorium.views.numbers import short
from perceptorium.views.scales import Axis

WORDS = (
    "All three start from the same place and see the same gradients of the surface. SGD steps straight downhill, "
    "momentum keeps rolling, and Adam gives each parameter a step of its own size. Drag the start, or focus the "
    "picture and use the arrow keys."
)
WIDTH, LEFT, TOP, SIDE = 360.0, 30.0, 6.0, 324.0
ACROSS, UP = Axis(-SPAN, SPAN, LEFT, LEFT + SIDE), Axis(-SPAN, SPAN, TOP + SIDE, TOP)
LEVELS = 12
GRID = np.linspace(-SPAN, SPAN, 41)
TICKS = (-2, -1, 0, 1, 2)
SHAPES = {
    "SGD": ("sgd", "M-5,-5H5V5H-5z", "square"),
    "SGD with momentum": ("momentum", "M0,-7L6,5H-6z", "triangle"),
    "Adam": ("adam", "M-6,0a6,6 0 1,1 12,0a6,6 0 1,1 -12,0z", "circle"),
}
"""An optimizer's class in the stylesheet (colour and dashes), its mark, and that mark in words."""


optimizers_frame = partial(frame_of, concept="optimizers")


def optimizers(state: State) -> Element:
    """The panel."""
    race = state.concepts.optimizers
    titles = tuple((name, surface.title) for name, surface in SURFACES.items())
    return panel(
        state,
        "optimizers",
        "Optimizers",
        words=WORDS,
        body=(
            h(
                "div",
                choice("Surface", titles, race.surface, "optimizers", "surface"),
                dial("Start x", race.x, -SPAN, SPAN, 0.05, action("optimizers", "x")),
                dial("Start y", race.y, -SPAN, SPAN, 0.05, action("optimizers", "y")),
                dial("lr", race.lr, 0.001, 0.3, 0.001, action("optimizers", "lr")),
                dial("Steps", race.steps, 0, MOST_STEPS, 1, action("optimizers", "steps")),
                class_="group concept-controls",
            ),
            _picture(race),
            _standings(race),
            formula(race.surface),
            _rule("SGD", "sgd"),
            _rule(f"Momentum, μ = {MOMENTUM}", "momentum"),
            _rule("Adam, β₁ = 0.9, β₂ = 0.999, ϵ = 10⁻⁸", "adam", "adam-step"),
        ),
    )


def _rule(title: str, *formulas: str) -> Element:
    return h("div", h("span", title, class_="label"), *map(formula, formulas), class_="rule")


def _picture(race: Optimizers) -> Element:
    return h(
        "svg",
        h("title", "Loss surface"),
        h("path", d=_contours(race.surface), class_="contours"),
        *(_x_tick(value) for value in TICKS),
        *(_y_tick(value) for value in TICKS),
        *(_track(race, name) for name in NAMES),
        h("path", d="M-8,0H8M0,-8V8", class_="start", transform=_moved(race.x, race.y)),
        h("rect", x=LEFT, y=TOP, width=SIDE, height=SIDE, class_="sensor", data_drag=action("optimizers", "at")),
        viewBox=f"0 0 {WIDTH:g} {TOP + SIDE + 22:g}",
        class_="concept-picture surface",
        role="img",
        tabindex=0,
        aria_label="Loss surface",
        aria_describedby="race-told",
        data_keys=action("optimizers", "move"),
    )


@lru_cache(maxsize=2)
def _contours(surface: str) -> str:
    """Lines of equal height; their levels rise by a square law, so that the valley floor has some, too."""
    heights = SURFACES[surface].value(GRID[None, :], GRID[:, None])
    low, high = float(heights.min()), float(heights.max())
    levels = low + (high - low) * (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 2
    segments = np.concatenate([contour(heights, float(level), GRID, GRID) for level in levels])
    drawn = np.stack([ACROSS(segments[..., 0]), UP(segments[..., 1])], axis=-1)
    return "M%.1f %.1fL%.1f %.1f" * len(drawn) % tuple(drawn.ravel().tolist())


def _track(race: Optimizers, name: str) -> Element:
    kind, mark, _ = SHAPES[name]
    path = race.path(name)
    path = path[np.isfinite(path).all(axis=1)]
    return h(
        "g",
        h("polyline", points=_points(path), class_="track"),
        h("path", d=mark, class_="runner", transform=_moved(*path[-1].tolist())),
        class_=kind,
    )


def _points(path: Array) -> str:
    pairs = np.stack([ACROSS(path[:, 0]), UP(path[:, 1])], axis=1)
    return "%.1f,%.1f " * len(pairs) % tuple(pairs.ravel().tolist())


def _moved(x: float, y: float) -> str:
    return f"translate({float(ACROSS(np.array(x))):.1f} {float(UP(np.array(y))):.1f})"


def _x_tick(value: float) -> Element:
    return h("text", str(value).replace("-", "−"), x=_place(ACROSS, value), y=TOP + SIDE + 14, class_="middle")


def _y_tick(value: float) -> Element:
    return h("text", str(value).replace("-", "−"), x=LEFT - 5, y=_place(UP, value) + 4, class_="end")


def _place(axis: Axis, value: float) -> float:
    return round(float(axis(np.array(value))), 1)


def _told(race: Optimizers) -> str:
    ends = {name: race.loss(race.path(name)[-1:]).item() for name in NAMES}
    best = min(ends, key=lambda name: ends[name] if np.isfinite(ends[name]) else np.inf)
    if race.steps == 0:
        return f"All three stand at the start, at height {short(ends[best])}."
    return f"After {race.steps} steps {best} is lowest, at {short(ends[best])}."


def _standings(race: Optimizers) -> Element:
    rows = []
    for name in NAMES:
        kind, mark, word = SHAPES[name]
        path = race.path(name)
        x, y = path[-1].tolist()
        outside = "" if max(abs(x), abs(y)) <= SPAN else " (outside the picture)"
        rows.append(
            h(
                "tr",
                h("th", h("svg", h("g", h("path", d=mark, class_="runner"), class_=kind), viewBox="-9 -9 18 18",
                          role="img", aria_label=word), f" {name}", scope="row"),
                h("td", short(x)),
                h("td", short(y) + outside),
                h("td", short(race.loss(path[-1:]).item())),
            )
        )  # fmt: skip
    heads = ("Optimizer", "x", "y", "f(x, y)")
    return h(
        "div",
        h("p", _told(race), id="race-told", class_="hint", role="status"),
        h(
            "table",
            h("thead", h("tr", *(h("th", head, scope="col") for head in heads))),
            h("tbody", *rows),
            class_="standings",
            aria_label="Race",
        ),
    )

"""Plots of a few functions of one number, with the point that is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.views.markup import Child, Element, h
from perceptorium.views.numbers import short
from perceptorium.views.scales import Axis

WIDTH, HEIGHT = 360.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 10.0, 22.0, 28.0
POINTS = 161


@dataclass(frozen=True, slots=True)
class Curve:
    """One function: ``kind`` is its look (a class of the stylesheet: colour and dashes), ``name`` its word."""

    kind: str
    name: str
    points: Array
    at: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The frame of a plot: accessible name, axes, and what a drag on it sends."""

    name: str
    x_name: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: tuple[float, ...]
    y_ticks: tuple[float, ...]
    drag: str | None = None

    @property
    def across(self) -> Axis:
        """Horizontal axis."""
        return Axis(*self.x_range, LEFT, WIDTH - RIGHT)

    @property
    def up(self) -> Axis:
        """Vertical axis."""
        return Axis(*self.y_range, HEIGHT - BOTTOM, TOP)

    def grid(self) -> Array:
        """The x at which curves are to be computed."""
        return np.linspace(*self.x_range, POINTS)


def plot(spec: Plot, curves: tuple[Curve, ...], x: float, summary: str, under: Iterable[Child] = ()) -> Element:
    """The figure: curves, a marker on each at ``x``, and ``summary`` below in words. ``under`` is drawn first."""
    here = _at(spec.across, x)
    picture = h(
        "svg",
        h("title", spec.name),
        *under,
        h("g", *(_x_tick(spec, value) for value in spec.x_ticks), *(_y_tick(spec, value) for value in spec.y_ticks)),
        h("text", spec.x_name, x=WIDTH - RIGHT, y=HEIGHT - 2, class_="end"),
        h("line", x1=here, x2=here, y1=TOP, y2=HEIGHT - BOTTOM, class_="marker"),
        *(h("polyline", points=points_of(spec, spec.grid(), curve.points), class_=f"curve {curve.kind}")
          for curve in curves),
        *(h("circle", cx=here, cy=_at(spec.up, curve.at), r=4, class_=f"dot {curve.kind}") for curve in curves),
        h("rect", x=LEFT, y=TOP, width=WIDTH - LEFT - RIGHT, height=HEIGHT - TOP - BOTTOM, class_="sensor",
          data_drag=spec.drag) if spec.drag else None,
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_="concept-picture chart-like",
        role="img",
        aria_label=spec.name,
    )  # fmt: skip
    return h("figure", picture, _legend(curves), h("figcaption", summary))


def points_of(spec: Plot, x: Array, y: Array) -> str:
    """A polyline's points; what lies outside the plot is drawn at its edge."""
    pairs = np.stack([spec.across(x), spec.up(np.nan_to_num(y))], axis=1)
    return "%.1f,%.1f " * len(pairs) % tuple(pairs.ravel().tolist())


def band(spec: Plot, start: float, end: float) -> Element:
    """A stretch of the horizontal axis, hatched."""
    left, right = _at(spec.across, start), _at(spec.across, end)
    return h("rect", x=left, y=TOP, width=round(right - left, 1), height=HEIGHT - TOP - BOTTOM, class_="flat")


def _legend(curves: tuple[Curve, ...]) -> Element:
    return h(
        "p",
        *(
            h(
                "span",
                h("svg", h("line", x1=1, x2=27, y1=4, y2=4, class_=f"curve {curve.kind}"), viewBox="0 0 28 8",
                  aria_hidden="true"),
                curve.name,
                class_="key",
            )
            for curve in curves
        ),
        class_="legend",
    )  # fmt: skip


def _at(axis: Axis, value: float) -> float:
    return round(float(axis(np.array(value))), 1)


def _x_tick(spec: Plot, value: float) -> Element:
    x = _at(spec.across, value)
    return h(
        "g",
        h("line", x1=x, x2=x, y1=TOP, y2=HEIGHT - BOTTOM, class_="grid"),
        h("text", short(value), x=x, y=HEIGHT - BOTTOM + 13, class_="middle"),
    )


def _y_tick(spec: Plot, value: float) -> Element:
    y = _at(spec.up, value)
    return h(
        "g",
        h("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"),
        h("text", short(value), x=LEFT - 4, y=y + 3.5, class_="end"),
    )

"""Area charts over epochs, drawn so that a frame changes only the points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perceptorium.engine.program import Array
from perceptorium.views.markup import Element, h
from perceptorium.views.paint import Outline, Paint, Texts
from perceptorium.views.scales import Axis, round_up

WIDTH, HEIGHT = 380.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 16.0, 20.0, 28.0
MOST_POINTS = 240


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One quantity over epochs: equally long, epochs rising."""

    epoch: Array
    value: Array


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """All that a chart shows.

    Attributes:
        id: its name in the page's messages and slots.
        title: its accessible name.
        unit: what the vertical axis counts.
        series: the run, with at least one point.
        top: value at the top of a linear axis; None rounds the largest one up.
        log: a logarithmic vertical axis (the charts of values that may be zero draw zero at its foot).
        reference: a kept run to compare with.
        threshold: a value to mark by a line, such as where training stops.
        cursor: the epoch that is being read, or None.
        marker: the epoch of the step that is being walked through, or None.
        operation: the PyTorch call that moves this curve.
        summary: the chart in one sentence.
    """

    id: str
    title: str
    unit: str
    series: Series
    operation: str
    summary: str
    top: float | None = None
    log: bool = False
    reference: Series | None = None
    threshold: float | None = None
    cursor: float | None = None
    marker: float | None = None

    def axes(self) -> tuple[Axis, Axis]:
        """Horizontal (epochs) and vertical axis; they change seldom while the run grows."""
        last = max(float(self.series.epoch[-1]), 10.0, float(self.reference.epoch[-1]) if self.reference else 0.0)
        high = self.top or round_up(max(self._largest(), 1e-12))
        low = 0.0
        if self.log:
            low = 10.0 ** np.floor(np.log10(max(self._smallest_positive(), 1e-12)))
            high = max(10.0 ** np.ceil(np.log10(high)), low * 10)
        return Axis(0.0, round_up(last), LEFT, WIDTH - RIGHT), Axis(low, high, HEIGHT - BOTTOM, TOP, log=self.log)

    def _every(self) -> list[Array]:
        return [self.series.value] + ([self.reference.value] if self.reference else [])

    def _largest(self) -> float:
        return max(float(values.max()) for values in self._every())

    def _smallest_positive(self) -> float:
        return min(float(np.where(values > 0, values, np.inf).min()) for values in self._every())


def chart(spec: Chart) -> Element:
    """The chart as a figure: an image with a name, its summary, and a read-out that keys and pointer move."""
    x, y = spec.axes()
    area, line = _outlines(spec, x, y)
    cursor = _cursor(spec, x, y)
    picture = h(
        "svg",
        h("title", spec.title),
        h("desc", spec.summary, data_slot=f"{spec.id}-desc"),
        h(
            "g",
            tuple(_y_tick(at, label) for at, label in y.ticks()),
            h("text", f"{spec.title}, {spec.unit}", x=LEFT, y=TOP - 4, class_="unit"),
            class_="axis",
        ),
        h(
            "g",
            tuple(_x_tick(at, label) for at, label in x.ticks()),
            h("text", "epoch", x=WIDTH - RIGHT, y=HEIGHT - 3, class_="unit end"),
            class_="axis",
        ),
        h("text", spec.operation, x=WIDTH - RIGHT, y=TOP - 4, class_="operation"),
        h("polygon", points=area.points, class_="area", data_slot=area.slot),
        h("polyline", points=line.points, class_="line", data_slot=line.slot),
        _reference(spec, x, y),
        _threshold(spec, y),
        h("line", x1=_at(x, spec.marker), x2=_at(x, spec.marker), y1=TOP, y2=HEIGHT - BOTTOM, class_="marker")
        if spec.marker is not None
        else None,
        cursor,
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_=f"chart {spec.id}",
        role="img",
        tabindex=0,
        aria_label=spec.title,
        aria_describedby=f"{spec.id}-summary",
        data_keys=f"chart:{spec.id}",
        data_hover=f"chart:{spec.id}",
        data_part="loss criterion report" if spec.id == "loss" else "report",
    )
    return h(
        "figure",
        picture,
        h(
            "figcaption",
            _words(spec),
            id=f"{spec.id}-summary",
            data_slot=f"{spec.id}-summary",
            aria_live="polite" if spec.cursor is not None else None,
        ),
        class_="chart-figure",
    )


def chart_paint(spec: Chart) -> tuple[Paint, ...]:
    """The moving parts of `chart`."""
    words = Texts(f"{spec.id}-summary", (_words(spec),)), Texts(f"{spec.id}-desc", (spec.summary,))
    return *_outlines(spec, *spec.axes()), *words


def epoch_at(spec: Chart, share: float) -> float:
    """The epoch under a pointer at ``share`` (0 to 1) of the chart's width."""
    epoch = spec.axes()[0].invert(share * WIDTH)
    return float(spec.series.epoch[np.abs(spec.series.epoch - epoch).argmin()])


def _outlines(spec: Chart, x: Axis, y: Axis) -> tuple[Outline, Outline]:
    epochs, values = _thinned(spec.series)
    points = _tenths(x(epochs), y(values))
    foot = round(10 * y.start)
    ends = np.array([points[-2], foot, points[0], foot], dtype=np.int16)
    return Outline(f"{spec.id}-area", np.concatenate([points, ends])), Outline(f"{spec.id}-line", points)


def _thinned(series: Series) -> tuple[Array, Array]:
    """At most MOST_POINTS points: every n-th, and always the last, which is the one that moves."""
    stride = -(-len(series.epoch) // MOST_POINTS)
    if stride == 1:
        return series.epoch, series.value
    chosen = np.append(np.arange(0, len(series.epoch) - 1, stride), len(series.epoch) - 1)
    return series.epoch[chosen], series.value[chosen]


def _tenths(xs: Array, ys: Array) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    points = np.empty(2 * len(xs), dtype=np.int16)
    points[::2] = np.rint(10 * xs)
    points[1::2] = np.rint(10 * ys)
    return points


def _at(axis: Axis, value: float | None) -> str:
    return f"{float(axis(np.array(value))):.1f}"


def _y_tick(at: float, label: str) -> Element:
    return h(
        "g",
        h("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, class_="grid"),
        h("text", label, x=LEFT - 5, y=at, class_="tick-y"),
    )


def _x_tick(at: float, label: str) -> Element:
    return h(
        "g",
        h("line", x1=at, x2=at, y1=HEIGHT - BOTTOM, y2=HEIGHT - BOTTOM + 4, class_="tick"),
        h("text", label, x=at, y=HEIGHT - BOTTOM + 14, class_="tick-x"),
    )


def _reference(spec: Chart, x: Axis, y: Axis) -> Element | None:
    if spec.reference is None:
        return None
    epochs, values = _thinned(spec.reference)
    return h("polyline", points=Outline("", _tenths(x(epochs), y(values))).points, class_="reference")


def _threshold(spec: Chart, y: Axis) -> Element | None:
    if spec.threshold is None or not y.low <= spec.threshold <= y.high:
        return None
    at = _at(y, spec.threshold)
    return h("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, class_="threshold")


def _nearest(series: Series, epoch: float) -> int:
    return int(np.abs(series.epoch - epoch).argmin())


def _cursor(spec: Chart, x: Axis, y: Axis) -> Element | None:
    if spec.cursor is None:
        return None
    index = _nearest(spec.series, spec.cursor)
    cx, cy = _at(x, float(spec.series.epoch[index])), _at(y, float(spec.series.value[index]))
    return h(
        "g",
        h("line", x1=cx, x2=cx, y1=TOP, y2=HEIGHT - BOTTOM),
        h("circle", cx=cx, cy=cy, r=3),
        class_="cursor",
    )


def _words(spec: Chart) -> str:
    """What the cursor reads, else the summary."""
    return _read_out(spec) or spec.summary


def _read_out(spec: Chart) -> str | None:
    """What the cursor reads: the kept point nearest to it, of the run and of the reference."""
    if spec.cursor is None:
        return None
    index = _nearest(spec.series, spec.cursor)
    value = f"{spec.series.value[index]:.6g}{' %' if spec.unit == '%' else ''}"
    text = f"Epoch {spec.series.epoch[index]:.0f}: {spec.title.lower()} {value}"
    if spec.reference is not None:
        kept = _nearest(spec.reference, spec.cursor)
        text += f"; kept run at epoch {spec.reference.epoch[kept]:.0f}: {spec.reference.value[kept]:.6g}"
    return text

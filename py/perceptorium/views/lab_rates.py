"""The learning-rate experiment: share and epochs against η, the figures, and the paper's three claims."""

from __future__ import annotations

import numpy as np

from perceptorium.lab import Outcomes, RacePlan, Results, Summary, claims, summarise
from perceptorium.lab.claims import MEASURE, oscillating
from perceptorium.views.lab_table import convergence, failed_cell, figures_cells, scrolled, strip
from perceptorium.views.markup import Element, h
from perceptorium.views.numbers import percent
from perceptorium.views.scales import Axis, round_up

WIDTH, HEIGHT = 380.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 16.0, 22.0, 30.0


def rate_results(results: Results, opened: tuple[int, int] | None) -> Element:
    """Two charts over a logarithmic axis of rates, the claims, the table."""
    plan = results.plan
    assert isinstance(plan, RacePlan)
    rows = [
        (setting.learning_rate, row)
        for setting, row in zip(plan.settings, results.rows, strict=True)
        if isinstance(row, Outcomes)
    ]
    figures = [(rate, summarise(row)) for rate, row in rows]
    heads = h(
        "tr",
        *(
            h("th", text, scope="col")
            for text in (
                "η",
                "Epochs",
                "Learned",
                "95 % interval",
                "Oscillate",
                f"When: epochs 1 to {plan.settings[0].epochs}",
                "Those that failed",
            )
        ),
    )
    body = tuple(
        h(
            "tr",
            h("th", f"{rate:g}", scope="row"),
            figures_cells(figure),
            h("td", f"{percent(oscillating(row))} %" if figure.trials else "–", class_="figure"),
            h("td", strip(row, plan.settings[position].epochs, f"networks with η = {rate:g}")),
            failed_cell(position, figure, opened, f"η = {rate:g}"),
            key=f"row-{position}",
        )
        for position, ((rate, row), (_, figure)) in enumerate(zip(rows, figures, strict=True))
    )
    return h(
        "div",
        h("div", _share_chart(figures), _epochs_chart(figures), class_="charts"),
        _claims(results),
        h("p", MEASURE, class_="hint lead"),
        scrolled(convergence(heads, body)),
    )


def _claims(results: Results) -> Element:
    marks = {True: "yes", False: "no", None: "open"}
    return h(
        "ul",
        *(
            h(
                "li",
                h("span", claim.verdict, class_=f"verdict {marks[claim.confirmed]}"),
                h("span", f" The paper: “{claim.text}” {claim.evidence}"),
            )
            for claim in claims(results)
        ),
        class_="claims",
        aria_label="The paper's claims",
    )


def _share_chart(figures: list[tuple[float, Summary]]) -> Element:
    x, y = _rates(figures), Axis(0.0, 100.0, HEIGHT - BOTTOM, TOP)
    known = [(rate, figure) for rate, figure in figures if figure.share is not None]
    marks = tuple(
        _mark(
            x(np.array(rate)).item(),
            y(100 * np.array((figure.low, figure.successes / figure.trials, figure.high))).tolist(),
            f"η = {rate:g}: {percent(figure.successes / figure.trials)} % learned, 95 % interval "
            f"{percent(figure.low)} to {percent(figure.high)} %",
        )
        for rate, figure in known
    )
    summary = "Not measured yet."
    if known:
        best = max(known, key=lambda entry: entry[1].successes / entry[1].trials)
        summary = f"Most networks learn at η = {best[0]:g}: {percent(best[1].share or 0.0)} %."
    return _chart("Networks that learned", "%", x, y, marks, summary)


def _epochs_chart(figures: list[tuple[float, Summary]]) -> Element:
    known = [(rate, figure.mean, figure.deviation or 0.0) for rate, figure in figures if figure.mean is not None]
    top = round_up(max((mean + deviation for _, mean, deviation in known), default=2000.0))
    x, y = _rates(figures), Axis(0.0, top, HEIGHT - BOTTOM, TOP)
    marks = tuple(
        _mark(
            x(np.array(rate)).item(),
            y(np.array((mean - deviation, mean, mean + deviation))).tolist(),
            f"η = {rate:g}: {mean:.0f} ± {deviation:.0f} epochs",
        )
        for rate, mean, deviation in known
    )
    summary = "Not measured yet."
    if known:
        fastest = min(known, key=lambda entry: entry[1])
        summary = f"Networks that learn are fastest at η = {fastest[0]:g}: {fastest[1]:.0f} epochs on average."
    return _chart("Epochs of those that learned", "mean ± standard deviation", x, y, marks, summary)


def _rates(figures: list[tuple[float, Summary]]) -> Axis:
    rates = [rate for rate, _ in figures]
    return Axis(min(rates) * 0.8, max(rates) * 1.25, LEFT, WIDTH - RIGHT, log=True)


def _mark(x: float, heights: list[float], text: str) -> Element:
    """A point with its interval; `text` is what pointing at it says."""
    low, middle, high = (round(value, 1) for value in heights)
    x = round(x, 1)
    return h(
        "g",
        h("title", text),
        h("line", x1=x, x2=x, y1=low, y2=high),
        h("circle", cx=x, cy=middle, r=3.5),
        class_="mark",
    )


def _chart(title: str, unit: str, x: Axis, y: Axis, marks: tuple[Element, ...], summary: str) -> Element:
    foot = HEIGHT - BOTTOM
    picture = h(
        "svg",
        h("desc", summary),
        h(
            "g",
            tuple(
                (
                    h("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, class_="grid"),
                    h("text", label, x=LEFT - 6, y=at, class_="tick-y"),
                )
                for at, label in y.ticks()
            ),
            tuple(
                (
                    h("line", x1=at, x2=at, y1=foot, y2=foot + 4, class_="tick"),
                    h("text", label, x=at, y=foot + 15, class_="tick-x"),
                )
                for at, label in x.ticks()
            ),
            h("text", f"{title}, {unit}", x=LEFT, y=TOP - 8, class_="unit"),
            h("text", "learning rate η", x=WIDTH - RIGHT, y=HEIGHT - 3, class_="unit end"),
            class_="axis",
        ),
        marks,
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        class_="chart rates",
        role="img",
        aria_label=f"{title}. {summary}",
    )
    return h(
        "figure", picture, h("figcaption", f"{summary} Every value stands in the table below."), class_="chart-figure"
    )

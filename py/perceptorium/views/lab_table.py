"""Tables of the lab: what the paper reports beside what was measured, and the way to a network that failed."""

from __future__ import annotations

from perceptorium.lab import Outcomes, Paper, RacePlan, Results, Setting, Summary, histogram, summarise
from perceptorium.lab.wording import epochs_text, interval_text, share_text
from perceptorium.views.markup import Child, Element, h

BINS = 40
STRIP_WIDTH, STRIP_HEIGHT = 160.0, 28.0


def table_3(results: Results, opened: tuple[int, int] | None) -> Element:
    """The table, and in words where it differs from the paper's."""
    plan = results.plan
    assert isinstance(plan, RacePlan)
    heads = h(
        "tr",
        _head("Network"),
        _head("Paper: epochs"),
        _head("Paper: learned"),
        _head("Epochs"),
        _head("Learned"),
        _head("95 % interval"),
        _head(f"When: epochs 1 to {plan.settings[0].epochs}"),
        _head("Those that failed"),
    )
    rows = tuple(
        _row(position, setting, row, paper, opened)
        for position, (setting, row, paper) in enumerate(zip(plan.settings, results.rows, plan.paper, strict=True))
        if isinstance(row, Outcomes)
    )
    return h("div", scrolled(convergence(heads, rows)), h("p", _comparison(results, plan), class_="finding"))


def convergence(heads: Element, rows: tuple[Element, ...]) -> Element:
    """The table that the page's contract names."""
    return h("table", h("thead", heads), h("tbody", rows), class_="lab-table", aria_label="Convergence")


def scrolled(table: Element) -> Element:
    """A wide table in a box of its own, which keys can scroll."""
    return h("div", table, class_="wide", tabindex=0, role="region", aria_label="Results, scrollable")


def figures_cells(figures: Summary) -> tuple[Element, ...]:
    """Epochs, share and interval."""
    texts = epochs_text(figures), share_text(figures), interval_text(figures)
    return tuple(h("td", text, class_="figure") for text in texts)


def failed_cell(row: int, figures: Summary, opened: tuple[int, int] | None, name: str) -> Element:
    """How many failed, and one of them to look into."""
    if not figures.failures:
        return h("td", "none" if figures.trials else "–", class_="figure")
    diverged = f", {figures.diverged} diverged" if figures.diverged else ""
    again = opened is not None and opened[0] == row and figures.failures > 1
    text = "Show me another" if again else "Show me one that failed"
    return h(
        "td",
        h("span", f"{figures.failures}{diverged} ", class_="number"),
        h(
            "button",
            text,
            type="button",
            class_="button small",
            data_click=f"lab-open:{row}",
            aria_label=f"{text}: {name}",
        ),
    )


def strip(outcomes: Outcomes, cap: int, name: str) -> Element:
    """When networks learned: a bar for each fortieth of the epochs."""
    counts = histogram(outcomes, cap, BINS)
    most, width = max(int(counts.max()), 1), STRIP_WIDTH / BINS
    epochs = outcomes.convergence
    summary = (
        f"{len(epochs)} networks learned, the first after {epochs.min()} epochs, the last after {epochs.max()}."
        if len(epochs)
        else "No network has learned."
    )
    heights = [round(STRIP_HEIGHT * int(count) / most, 2) for count in counts]
    bars = tuple(
        h("rect", x=round(i * width, 2), y=round(STRIP_HEIGHT - height, 2), width=width - 0.5, height=height)
        for i, height in enumerate(heights)
        if height > 0
    )
    return h(
        "svg",
        h("title", summary),
        bars,
        h("line", x1=0, x2=STRIP_WIDTH, y1=STRIP_HEIGHT, y2=STRIP_HEIGHT),
        viewBox=f"0 0 {STRIP_WIDTH:g} {STRIP_HEIGHT:g}",
        class_="strip",
        role="img",
        aria_label=f"When {name} learned. {summary}",
    )


def _head(text: Child) -> Element:
    return h("th", text, scope="col")


def _row(
    position: int, setting: Setting, outcomes: Outcomes, paper: Paper | None, opened: tuple[int, int] | None
) -> Element:
    figures = summarise(outcomes)
    assert paper is not None
    return h(
        "tr",
        h("th", setting.label, scope="row"),
        h("td", f"{paper.mean:g} ± {paper.deviation:g}", class_="figure reported"),
        h("td", f"{100 * paper.success:g} %", class_="figure reported"),
        figures_cells(figures),
        h("td", strip(outcomes, setting.epochs, setting.label)),
        failed_cell(position, figures, opened, setting.label),
        key=f"row-{position}",
    )


def _comparison(results: Results, plan: RacePlan) -> str:
    """Which of the paper's success rates the measured intervals hold."""
    rows = [
        (setting.label, paper, summarise(row))
        for setting, row, paper in zip(plan.settings, results.rows, plan.paper, strict=True)
        if isinstance(row, Outcomes) and paper is not None and row.done == plan.networks
    ]
    if len(rows) < len(plan.settings):
        return "Run experiment trains every network of the table in this page."
    within = [label for label, paper, figures in rows if figures.low <= paper.success <= figures.high]
    named = f" ({', '.join(within)})" if within else ""
    if len(within) == len(rows):
        return "All of the paper's shares lie within our 95 % intervals."
    return (
        f"Of the paper's {len(rows)} shares, within our 95 % interval: {len(within)}{named}. The paper does not say "
        "all that it did; with the method set above, its table does not come out. Look at networks that failed: a ReLU "
        "neuron that is negative for every row is dead and never learns again."
    )

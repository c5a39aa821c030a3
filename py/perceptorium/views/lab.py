"""The convergence lab: the paper's experiments, their settings, and results as they come in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perceptorium.lab import DepthPlan, Results
from perceptorium.session import State
from perceptorium.session.lab import Lab
from perceptorium.views.controls import button, radios
from perceptorium.views.lab_depth import depth_results
from perceptorium.views.lab_news import news
from perceptorium.views.lab_rates import rate_results
from perceptorium.views.lab_settings import lab_settings
from perceptorium.views.lab_table import table_3
from perceptorium.views.markup import Element, h

EXPERIMENTS = (("table3", "Table 3"), ("learning-rate", "Learning rate"), ("depth", "Depth and activation"))

PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "table3": "How many epochs do networks of different shapes need to learn XOR, and how many of them learn it at "
        "all? Every network starts from weights of its own; the paper's table 3 stands beside what is measured here.",
        "learning-rate": "The same network with twelve learning rates: who learns, how fast, and whether the paper's "
        "three claims about the rate hold.",
        "depth": "How large is the gradient when it arrives at each layer? Where it shrinks on its way back through "
        "the network, the first layers hardly learn: vanishing gradients.",
    }
)


def lab_panel(state: State) -> Element:
    """Choice of experiment, settings, Run experiment, progress, results."""
    lab = state.lab
    results = lab.results
    return h(
        "div",
        h("p", PURPOSES[lab.name], class_="lead"),
        h("div", radios("Experiment", "lab-experiment", EXPERIMENTS, lab.name, "lab-choose"), class_="bar"),
        lab_settings(lab),
        _run_bar(lab, results),
        h("p", news(lab, results), role="status", class_="caption"),
        _results(lab, results),
        _exports(results) if results.done and not lab.running else None,
        class_="lab",
    )


def lab_frame(state: State) -> tuple[object, ...]:
    """What the panel shows."""
    return (state.lab,)


def _results(lab: Lab, results: Results) -> Element:
    if isinstance(results.plan, DepthPlan):
        return depth_results(results, results.plan, lab.moment)
    if results.plan.name == "learning-rate":
        return rate_results(results, lab.opened)
    return table_3(results, lab.opened)


def _run_bar(lab: Lab, results: Results) -> Element:
    return h(
        "div",
        button("Cancel" if lab.running else "Run experiment", "lab-run", kind="primary"),
        h(
            "div",
            h("progress", max=100, value=f"{100 * lab.progress:.0f}", aria_label="Experiment progress"),
            h("span", _progress(lab, results), class_="number"),
            class_="group",
        ),
        class_="bar",
    )


def _progress(lab: Lab, results: Results) -> str:
    total = results.plan.networks * len(results.plan.settings)
    if lab.running:
        left = lab.seconds_left
        time = "" if left is None else f", {_seconds(left)} left"
        return f"{100 * lab.progress:.0f} %{time}"
    if not results.done:
        return f"{total} networks to train"
    took = ""
    if results.complete and lab.began_ms is not None:
        took = f" in {(lab.now_ms - lab.began_ms) / 1000:.1f} s"
    return f"{results.done} of {total} networks trained{took}, {results.engine}"


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _exports(results: Results) -> Element:
    last = results.plan.first_seed + results.plan.networks - 1
    return h(
        "div",
        button("Save CSV", "lab-save:csv"),
        button("Save JSON", "lab-save:json"),
        h(
            "span",
            f"Every setting and every network, seeds {results.plan.first_seed} to {last}. The same from a terminal: ",
            h("code", _command(results)),
            class_="hint",
        ),
        class_="group exports",
    )


def _command(results: Results) -> str:
    """What repeats this experiment outside the page."""
    plan, parts = results.plan, ["python -m perceptorium.lab", results.plan.name]
    setting = plan.settings[0]
    parts.append(f"--networks {plan.networks}")
    if plan.first_seed:
        parts.append(f"--first-seed {plan.first_seed}")
    flags = {
        "activation": f"--activation {setting.activation}" if plan.name == "learning-rate" else "",
        "learning_rate": f"--learning-rate {setting.learning_rate:g}" if plan.name != "learning-rate" else "",
        "init": f"--init {setting.init}",
        "loss": f"--loss {setting.loss}",
        "batch_size": "--batch all" if setting.batch_size is None else "--batch 1",
    }
    if plan.name != "depth":
        flags |= {
            "success": f"--success {setting.success}",
            "threshold": f"--threshold {setting.threshold:g}",
            "epochs": f"--epochs {setting.epochs}",
        }
    default = type(setting)()
    parts += [flag for name, flag in flags.items() if flag and getattr(setting, name) != getattr(default, name)]
    return " ".join(parts)

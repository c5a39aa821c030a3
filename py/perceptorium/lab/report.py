"""Results as text: a table to read, and CSV and JSON with every setting and seed, so that anyone can repeat them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import numpy as np

from .claims import MEASURE, claims, oscillating
from .gradients import GradientNorms
from .outcomes import NAMES, NOT_RUN, Outcomes
from .plan import DepthPlan, RacePlan
from .statistics import summarise
from .wording import epochs_text, interval_text, share_text
from .work import Results


def table(results: Results) -> str:
    """For a terminal; what has not been run is left out."""
    plan = results.plan
    last = plan.first_seed + plan.networks - 1
    lines = [f"{plan.name}: {plan.networks} networks a row, seeds {plan.first_seed} to {last}, {results.engine}", ""]
    if isinstance(plan, RacePlan):
        lines += _race_lines(results, plan)
    else:
        lines += _depth_lines(results, plan)
    return "\n".join(lines) + "\n"


def _race_lines(results: Results, plan: RacePlan) -> Iterator[str]:
    first = "η" if plan.name == "learning-rate" else "network"
    paper = any(plan.paper)
    yield f"{first:10} {'epochs':>12} {'learned':>8} {'95 % interval':>16} {'run':>8} {'diverged':>9}" + (
        f"   {'paper: epochs':>14} {'learned':>8}" if paper else ""
    )
    for setting, row, reported in zip(plan.settings, _outcomes(results), plan.paper, strict=True):
        figures = summarise(row)
        name = f"{setting.learning_rate:g}" if first == "η" else setting.label
        line = f"{name:10} {epochs_text(figures):>12} {share_text(figures):>8} {interval_text(figures):>16} "
        line += f"{figures.trials:>8} {figures.diverged:>9}"
        if reported:
            line += f"   {f'{reported.mean:g} ± {reported.deviation:g}':>14} {f'{reported.success:.0%}':>8}"
        yield line
    if plan.name == "learning-rate":
        yield ""
        for claim in claims(results):
            yield f"{claim.verdict}: {claim.text} {claim.evidence}"
        yield MEASURE


def _depth_lines(results: Results, plan: DepthPlan) -> Iterator[str]:
    yield "median norm of the gradient by layer, the first layer first"
    yield f"{'network':16} {'epoch':>6}   "
    for setting, row in zip(plan.settings, _norms(results), strict=True):
        for position, epoch in enumerate(plan.moments):
            medians = "".join(f"{value:>10.2e}" for value in row.quartiles(position)[1]) if row.done else " –"
            yield f"{setting.label if position == 0 else '':16} {epoch:>6} {medians}"


def to_csv(results: Results) -> str:
    """A line for each network that was run; for the depth experiment one for each moment of it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    plan = results.plan
    fields = list(asdict(plan.settings[0]))
    if isinstance(plan, RacePlan):
        writer.writerow(["experiment", "engine", *fields, "seed", "outcome", "trained", "rises"])
    else:
        layers = max(len(setting.sizes) for setting in plan.settings) - 1
        writer.writerow(
            ["experiment", "engine", *fields, "seed", "epoch", *(f"gradient_fc{i + 1}" for i in range(layers))]
        )
    for setting, row in zip(plan.settings, results.rows, strict=True):
        values = {**asdict(setting), "hidden": "-".join(map(str, setting.hidden))}
        start = [plan.name, results.engine, *("all" if value is None else value for value in values.values())]
        if isinstance(row, Outcomes):
            kinds, epochs, rises = (column.tolist() for column in row.arrays())
            writer.writerows(
                [*start, plan.first_seed + k, NAMES[kinds[k]], epochs[k], rises[k]]
                for k in range(plan.networks)
                if kinds[k] != NOT_RUN
            )
        else:
            writer.writerows(
                [*start, plan.first_seed + int(k), epoch, *row.norms[k, position].tolist()]
                for k in np.flatnonzero(~np.isnan(row.norms[:, 0, 0]))
                for position, epoch in enumerate(_moments(results))
            )
    return text.getvalue()


def to_json(results: Results) -> str:
    """One object: the plan, and for each row its setting, figures and networks; what has not been run is null."""
    plan = results.plan
    rows = []
    for setting, row in zip(plan.settings, results.rows, strict=True):
        entry: dict[str, Any] = {"setting": asdict(setting)}
        if isinstance(row, Outcomes):
            entry |= {"figures": asdict(summarise(row)), "oscillating": oscillating(row)}
            kinds, epochs, rises = (column.tolist() for column in row.arrays())
            entry["networks"] = [
                {"outcome": NAMES[kind], "epochs": trained, "rises": rose} if kind != NOT_RUN else None
                for kind, trained, rose in zip(kinds, epochs, rises, strict=True)
            ]
        else:
            norms = row.norms.astype(object)
            norms[np.isnan(row.norms)] = None  # JSON has no NaN
            entry["gradient_norms"] = norms.tolist()
        rows.append(entry)
    return json.dumps({"experiment": plan.name} | _head(results) | {"rows": rows}, indent=1) + "\n"


def _head(results: Results) -> dict[str, Any]:
    plan = results.plan
    head: dict[str, Any] = {
        "engine": results.engine,
        "data": "XOR",
        "networks": plan.networks,
        "first_seed": plan.first_seed,
        "seed_of_network_k": "first_seed + k",
        "complete": results.complete,
    }
    return head | {"moments": plan.moments} if isinstance(plan, DepthPlan) else head


FORMATS: Mapping[str, Callable[[Results], str]] = MappingProxyType({"table": table, "json": to_json, "csv": to_csv})


def _outcomes(results: Results) -> list[Outcomes]:
    return [row for row in results.rows if isinstance(row, Outcomes)]


def _norms(results: Results) -> list[GradientNorms]:
    return [row for row in results.rows if isinstance(row, GradientNorms)]


def _moments(results: Results) -> tuple[int, ...]:
    assert isinstance(results.plan, DepthPlan)
    return results.plan.moments

"""What an experiment of the lab came to, in one sentence: it is read aloud once, when the run is over."""

from __future__ import annotations

from perceptorium.lab import DepthPlan, Outcomes, Results, Summary, summarise
from perceptorium.lab.wording import share_text
from perceptorium.session.lab import Lab
from perceptorium.views.lab_depth import first_layer_shares, rows_of
from perceptorium.views.numbers import short


def news(lab: Lab, results: Results) -> str:
    """What there is to say about the last thing that happened; nothing while an experiment runs."""
    if lab.note or lab.running or not results.complete:
        return lab.note
    if isinstance(results.plan, DepthPlan):
        shares = first_layer_shares(rows_of(results, results.plan, moment=0))
        listed = "; ".join(f"{name} {short(share, 2)}" for name, share in shares.items())
        return f"Done. Before training, with 4 hidden layers, the first layer's gradient over the last one's: {listed}."
    rows = [
        (setting, summarise(row))
        for setting, row in zip(results.plan.settings, results.rows, strict=True)
        if isinstance(row, Outcomes)
    ]
    if results.plan.name == "learning-rate":
        return _best_rate([(setting.learning_rate, figures) for setting, figures in rows])
    return f"Done. Learned: {', '.join(f'{setting.label} {share_text(figures)}' for setting, figures in rows)}."


def _best_rate(rows: list[tuple[float, Summary]]) -> str:
    best, most = max(rows, key=lambda row: row[1].share or 0.0)
    learned = [(rate, figures.mean) for rate, figures in rows if figures.mean is not None]
    if not learned:
        return "Done. No network learned at any rate."
    fastest, epochs = min(learned, key=lambda row: row[1])
    return f"Done. Most learn at η = {best:g}: {share_text(most)}. Fastest at η = {fastest:g}: {epochs:.0f} epochs."

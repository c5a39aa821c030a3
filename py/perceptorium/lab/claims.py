"""The paper's three claims about the learning rate, each held against what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .outcomes import NOT_RUN, RISE, Outcomes
from .statistics import summarise
from .work import Results

OSCILLATES = 0.1
"""A training oscillates if at least this share of its epochs are rises (`outcomes.RISE`)."""
FREQUENTLY = 0.5
"""Share of the networks that makes "frequently"."""
HARDLY = 0.05
"""Where at most this share of the networks has learned within 2,000 epochs, more than 2,000 are required."""
CLAIMED_EPOCHS = 2000
BEST = (0.1, 0.3)

MEASURE = (
    f"How they are judged: a training oscillates if its loss rises, by {RISE:.1%} or more, in at least "
    f"{OSCILLATES:.0%} of its epochs; frequently is at least {FREQUENTLY:.0%} of the networks; more than "
    f"{CLAIMED_EPOCHS} epochs are required where at most {HARDLY:.0%} learn within them; the best rate is both the one "
    "with most successes and the fastest."
)
"""What the verdicts rest on, for whoever reads them."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the paper says, whether it is `confirmed` (None: not measured), and the figures that decide."""

    text: str
    confirmed: bool | None
    evidence: str

    @property
    def verdict(self) -> str:
        """In words."""
        return "not measured" if self.confirmed is None else "confirmed" if self.confirmed else "not confirmed"


def oscillating(outcomes: Outcomes) -> float:
    """Share of the networks that were run whose training oscillates."""
    run = outcomes.kind != NOT_RUN
    often = outcomes.rises[run] >= OSCILLATES * np.maximum(outcomes.epochs[run], 1)
    return float(often.mean()) if run.any() else 0.0


def claims(results: Results) -> tuple[Claim, Claim, Claim]:
    """The three claims, from the finished rows of a learning-rate plan."""
    rows = tuple(
        (setting.learning_rate, row)
        for setting, row in zip(results.plan.settings, results.rows, strict=True)
        if isinstance(row, Outcomes) and row.done == results.plan.networks
    )
    return _oscillation(rows), _slowness(rows, results.plan.settings[0].epochs), _best(rows, results.complete)


_Rows = Sequence[tuple[float, Outcomes]]


def _oscillation(rows: _Rows) -> Claim:
    text = "Rates above η = 0.5 frequently cause oscillation."
    shares = [(rate, oscillating(row)) for rate, row in rows if rate > 0.5]
    evidence = _list("of the networks oscillate", shares)
    return Claim(text, all(share >= FREQUENTLY for _, share in shares) if shares else None, evidence)


def _slowness(rows: _Rows, cap: int) -> Claim:
    text = f"Rates below η = 0.01 require more than {CLAIMED_EPOCHS} epochs."
    slow = [(rate, row) for rate, row in rows if rate < 0.01]
    if cap < CLAIMED_EPOCHS:
        return Claim(text, None, f"Training ended after {cap} epochs, too early to tell.")
    shares = [(rate, float((row.convergence <= CLAIMED_EPOCHS).sum() / row.done)) for rate, row in slow]
    evidence = _list(f"learned within {CLAIMED_EPOCHS} epochs", shares)
    return Claim(text, all(share <= HARDLY for _, share in shares) if shares else None, evidence)


def _best(rows: _Rows, complete: bool) -> Claim:
    text = "The best range for XOR is η from 0.1 to 0.3."
    figures = [(rate, summarise(row)) for rate, row in rows]
    learned = [(rate, figure) for rate, figure in figures if figure.mean is not None]
    if not complete or not learned:
        return Claim(text, None, "Not every rate has been measured." if not complete else "No network learned.")
    most = max(learned, key=lambda entry: entry[1].successes)
    fastest = min(learned, key=lambda entry: entry[1].mean or 0.0)
    evidence = (
        f"Most networks learn at η = {most[0]:g} ({most[1].successes / most[1].trials:.0%}); those that learn are "
        f"fastest at η = {fastest[0]:g} ({fastest[1].mean:.0f} epochs)."
    )
    return Claim(text, all(BEST[0] <= rate <= BEST[1] for rate in (most[0], fastest[0])), evidence)


def _list(what: str, shares: list[tuple[float, float]]) -> str:
    if not shares:
        return "No such rate has been measured."
    return "; ".join(f"η = {rate:g}: {share:.0%} {what}" for rate, share in shares) + "."

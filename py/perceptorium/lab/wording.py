"""Figures of a row as the page and the command line write them."""

from __future__ import annotations

from .statistics import Summary

NOTHING = "–"


def epochs_text(figures: Summary) -> str:
    """Mean ± standard deviation of the epochs, as far as there are any."""
    if figures.mean is None:
        return NOTHING
    return f"{figures.mean:.0f}" + ("" if figures.deviation is None else f" ± {figures.deviation:.0f}")


def share_text(figures: Summary) -> str:
    """Share of the networks that learned."""
    return NOTHING if figures.share is None else f"{100 * figures.share:.1f} %"


def interval_text(figures: Summary) -> str:
    """Its 95 % interval."""
    return NOTHING if figures.share is None else f"{100 * figures.low:.1f} to {100 * figures.high:.1f} %"

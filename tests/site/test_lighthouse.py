"""Lighthouse's result is read right: what is demanded and too low is named, with the audits that cost it."""

from typing import Any

import pytest

from bench.lighthouse.__main__ import complaints, markdown


def result(**changed: float) -> dict[str, Any]:
    """A result as Lighthouse writes it, with one audit in each category."""
    scores = {"accessibility": 0.95, "best-practices": 1, "seo": 1, "performance": 0.4, **changed}
    timings = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    audits: dict[str, Any] = {name: {"score": 1, "title": name, "numericValue": 1234} for name in timings}
    audits["metrics"] = {"details": {"items": [{"observedLargestContentfulPaint": 321}, {}]}}
    for name, score in scores.items():
        audits[f"audit-{name}"] = {"score": None if score == 1 else score, "title": f"Mend {name}"}
    return {
        "lighthouseVersion": "1.2.3",
        "environment": {"hostUserAgent": "Mozilla/5.0 HeadlessChrome/9.8.7 Safari/537.36"},
        "categories": {name: {"score": s, "auditRefs": [{"id": f"audit-{name}"}]} for name, s in scores.items()},
        "audits": audits,
    }


def test_only_what_is_demanded_can_be_too_low() -> None:
    assert complaints({"mobile": result(), "desktop": result(performance=0)}) == []


@pytest.mark.parametrize(
    ("category", "name"),
    [("accessibility", "accessibility"), ("best-practices", "best practices"), ("seo", "SEO")],
)
def test_what_is_too_low_is_named_with_its_audits(category: str, name: str) -> None:
    low = result(**{category: 0.94})
    assert complaints({"mobile": result(), "desktop": low}) == [f"{name} (desktop) is 94, not 95: Mend {category}."]


def test_the_report_has_the_scores_and_the_versions() -> None:
    text = markdown({"mobile": result()})
    assert "| mobile | 95 | 100 | 100 | 40 | 1.2 s | 1.2 s | 0.3 s | 1.2 s | 1234.000 |" in text
    assert "Lighthouse 1.2.3," in text
    assert "Chromium 9.8.7," in text

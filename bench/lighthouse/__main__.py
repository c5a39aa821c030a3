"""`make lighthouse`: Lighthouse's scores of the built site, into bench/LIGHTHOUSE.md; too low a score is an error."""

import argparse
import json
import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sitebuild import browser, paths, tools
from sitebuild.serve import served

PROGRAM = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
REPORT = Path(__file__).parents[1] / "LIGHTHOUSE.md"
PRESETS = {"mobile": (), "desktop": ("--preset=desktop",)}
# Performance is told and not demanded: most of it is how long one thread is busy, and here it starts Python.
LEAST = 95
DEMANDED = {"accessibility": "accessibility", "best-practices": "best practices", "seo": "SEO"}
CATEGORIES = {**DEMANDED, "performance": "performance"}
NOTES = """
Blocked is Lighthouse's total blocking time: while Python starts, on the page's one thread, the page does not answer.
The times are modelled. Lighthouse loads the page without a delay and works out what it would have been on a slow phone
over 1.6 Mbit/s, or on a desktop over 10. It takes what had arrived here before the largest paint, Python among it, for
what that paint waited for. It waits for none of it: "as painted here" is when the browser really did it.
"""

Result = Mapping[str, Any]


def judged(address: str, options: tuple[str, ...]) -> Result:
    """Lighthouse's result for a page, in its own format; SystemExit when it could not load it."""
    flags = " ".join(("--headless=new", *browser.ARGUMENTS))
    command = [tools.node(), str(PROGRAM), address, "--output=json", "--quiet", "--no-enable-error-reporting"]
    command += [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}", *options]
    environment = os.environ | {"CHROME_PATH": browser.required()}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"Lighthouse ended with {done.returncode}; what it printed above says why.")
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def scores(result: Result) -> dict[str, int]:
    """Each category's score, 0 to 100."""
    return {category: round(100 * (result["categories"][category]["score"] or 0)) for category in CATEGORIES}


def complaints(results: Mapping[str, Result]) -> list[str]:
    """One sentence for each demanded score that is too low, with the audits that cost it."""
    found = []
    for preset, result in results.items():
        for category, score in scores(result).items():
            if category in DEMANDED and score < LEAST:
                audits = (result["audits"][ref["id"]] for ref in result["categories"][category]["auditRefs"])
                titles = [audit["title"] for audit in audits if audit["score"] is not None and audit["score"] < 1]
                found.append(f"{CATEGORIES[category]} ({preset}) is {score}, not {LEAST}: {'; '.join(titles)}.")
    return found


def markdown(results: Mapping[str, Result]) -> str:
    """The report."""
    first = next(iter(results.values()))
    chromium = first["environment"]["hostUserAgent"].partition("Chrome/")[2].partition(" ")[0]
    lines = [
        "# Lighthouse",
        "",
        f"Written by `make lighthouse` on {datetime.now(UTC):%Y-%m-%d}: Lighthouse {first['lighthouseVersion']},",
        f"Chromium {chromium}, each row one load with an empty cache. The first three scores must be {LEAST} at least;",
        f"performance is told as it is, on a machine with a load of {os.getloadavg()[0]:.1f}.",
        "",
        f"| | {' | '.join(CATEGORIES.values())} | first paint | largest paint | as painted here | blocked | shift |",
        "|---" * (len(CATEGORIES) + 6) + "|",
    ]
    for preset, result in results.items():
        cells = [preset, *(str(score) for score in scores(result).values()), *metrics(result["audits"])]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n" + NOTES


def metrics(audits: Mapping[str, Any]) -> tuple[str, ...]:
    """What the performance score is made of."""
    (observed, *_) = audits["metrics"]["details"]["items"]

    def seconds(milliseconds: float) -> str:
        return f"{milliseconds / 1000:.1f} s"

    return (
        seconds(audits["first-contentful-paint"]["numericValue"]),
        seconds(audits["largest-contentful-paint"]["numericValue"]),
        seconds(observed["observedLargestContentfulPaint"]),
        seconds(audits["total-blocking-time"]["numericValue"]),
        f"{audits['cumulative-layout-shift']['numericValue']:.3f}",
    )


def main() -> None:
    """Judge, write, and complain; takes half a minute."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    parser.add_argument("--output", type=Path, default=REPORT)
    options = parser.parse_args()
    with served(options.dist, compress=True) as address:
        results = {preset: judged(address, arguments) for preset, arguments in PRESETS.items()}
    text = markdown(results)
    options.output.write_text(text, "utf-8")
    print(text)
    if wrong := complaints(results):
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    main()

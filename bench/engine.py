"""`python -m bench.engine`: how fast the NumPy engine is, natively and in Chromium; build the site first.

The reference is plain NumPy in Chromium as measured for issue 3: 36 to 87 µs an epoch for 2-4-1, 47 to 119 µs for
2-4-4-1, and 0.6 to 0.9 µs per epoch of one network for the ensemble.
"""

import argparse
import json
from pathlib import Path
from statistics import median

from bench import engine_in_python
from bench.browser import page_with_python
from sitebuild import paths
from sitebuild.browser import chromium_running
from sitebuild.serve import served

REFERENCE = {"2-4-1": "36-87", "2-4-4-1": "47-119", engine_in_python.ENSEMBLE: "0.6-0.9"}


def main() -> None:
    """Measure, and print a table of medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    options = parser.parse_args()
    native = json.loads(engine_in_python.measured())
    chromium = in_chromium(options.dist)
    print("| µs, median of the rounds (fastest) | native | Chromium | a second in Chromium | reference |")
    print("|---|---|---|---|---|")
    for name, samples in chromium.items():
        middle = median(samples)
        cells = [name, cell(native[name]), cell(samples), f"{1e6 / middle:,.0f}", REFERENCE.get(name, "")]
        print(f"| {' | '.join(cells)} |")


def in_chromium(dist: Path) -> dict[str, list[float]]:
    """The same in the page's Python."""
    code = (Path(engine_in_python.__file__)).read_text("utf-8")
    with served(dist) as address, chromium_running() as browser:
        page = page_with_python(browser, address)
        found: dict[str, list[float]] = json.loads(
            page.evaluate("code => python.runPython(code)", f"{code}\nmeasured()")
        )
        return found


def cell(samples: list[float]) -> str:
    """The median, and in brackets the fastest round."""
    return f"{median(samples):.3g} ({min(samples):.3g})"


if __name__ == "__main__":
    main()

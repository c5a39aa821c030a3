"""`python -m bench.lab`: the default Table 3 on the built page, and whether the page answers clicks meanwhile."""

import argparse
import json
import statistics
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from sitebuild import paths
from sitebuild.browser import chromium_running
from sitebuild.serve import served

READY = "document.documentElement.dataset.app === 'ready'"
DONE = "document.querySelector('[data-click=\"lab-run\"]').textContent === 'Run experiment'"
PATIENCE_MS = 120_000

# From the moment that a click is due until the frame that shows its effect: it waits for a slice of the lab's work,
# then for its own handler, then for the frame.
CLICK = """
(() => {
  window.answers = [];
  const step = document.querySelector('[data-click="step-epoch"]');
  const epoch = document.querySelector('[data-slot="epoch"]');
  window.clicking = setInterval(() => {
    const due = performance.now();
    setTimeout(() => {
      const before = epoch.textContent;
      step.click();
      if (epoch.textContent === before) throw new Error('the click did nothing');
      requestAnimationFrame(() => setTimeout(() => window.answers.push(performance.now() - due)));
    });
  }, 120);
})()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Wall time in seconds, network-epochs, and milliseconds until clicks were answered."""

    seconds: float
    network_epochs: int
    answers: list[float]


def table_3(browser: Browser, site: str, engine: str, clicking: bool) -> Run:
    """Run the default Table 3 by its button, with "Step epoch" pressed eight times a second or left alone."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site)
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    page.get_by_text("More settings").click()
    page.get_by_role("radio", name=engine, exact=True).check(force=True)
    lab = page.get_by_role("region", name="Convergence lab")
    if clicking:
        page.evaluate(CLICK)
    # The page's own clock: the driver's questions would disturb what is measured.
    seconds = page.evaluate(
        """done => new Promise(resolve => {
          const start = performance.now();
          document.querySelector('[data-click="lab-run"]').click();
          const look = () => eval(done) ? resolve((performance.now() - start) / 1000) : requestAnimationFrame(look);
          requestAnimationFrame(look);
        })""",
        DONE,
    )
    page.evaluate("clearInterval(window.clicking)")
    answers = page.evaluate("window.answers ?? []")
    with page.expect_download() as saved:
        lab.get_by_role("button", name="Save JSON").click()
    rows = json.loads(Path(saved.value.path()).read_text("utf-8"))["rows"]
    page.close()
    return Run(seconds, sum(network["epochs"] for row in rows for network in row["networks"]), answers)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.lab", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with served(options.dist) as site, chromium_running() as browser:
        print(f"Table 3, 200 networks a row, Chromium {browser.version}; median of {options.runs} first runs of a page")
        for engine in ("compiled", "NumPy"):
            for clicking in (False, True):
                runs = [table_3(browser, site, engine, clicking) for _ in range(options.runs)]
                seconds = statistics.median(run.seconds for run in runs)
                line = f"{engine:9} {seconds:6.2f} s  {runs[0].network_epochs / seconds / 1e6:.2f} M network-epochs/s"
                answers = sorted(answer for run in runs for answer in run.answers)
                if answers:
                    late = answers[int(0.95 * len(answers))]
                    line += f"  clicks answered: median {statistics.median(answers):.0f} ms, 95 % {late:.0f} ms, "
                    line += f"worst {answers[-1]:.0f} ms of {len(answers)}"
                print(line, flush=True)


if __name__ == "__main__":
    main()

"""`python -m bench`: build the site first (`make build`), then measure it and write bench/REPORT.md."""

import argparse
import json
from pathlib import Path

from bench import load, peers, report, site, steps
from bench.browser import page_with_python
from sitebuild import paths
from sitebuild.browser import chromium_running
from sitebuild.serve import served

PEERS = Path(__file__).with_name("node_modules")
LOADS, WITHOUT, FRAME_SECONDS = 3, 2, 10.0
SPEEDS = ("10 epochs a frame", "as fast as it goes")


def main() -> None:
    """Measure everything; takes about ten minutes."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    parser.add_argument("--node-modules", type=Path, default=PEERS, help="where the peers are installed")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("REPORT.md"))
    options = parser.parse_args()
    found = measure(options.dist, options.node_modules)
    options.output.write_text(report.markdown(found), "utf-8")
    print(f"Wrote {options.output}")


def measure(dist: Path, node_modules: Path) -> report.Findings:
    """All of it, one after the other, so that nothing disturbs anything else."""
    versions = {
        name: json.loads((folder / "package.json").read_text("utf-8"))["version"]
        for name, folder in (
            ("Pyodide", paths.NODE_MODULES / "pyodide"),
            (peers.CONVNET, node_modules / "convnetjs"),
            (peers.TENSORFLOW, node_modules / "@tensorflow" / "tfjs"),
        )
    }
    with served(dist, compress=True) as address, chromium_running() as browser:
        print("Time to ready")
        loading = load.measure(dist, browser, LOADS)
        print("\n".join(load.report(loading)))
        print("Time to ready without each of the steps that shorten it")
        without = steps.measure(browser, WITHOUT)
        print("\n".join(steps.report(without)))
        print("Frames, transfer")
        frames = {speed: site.frames(browser, address, speed, FRAME_SECONDS) for speed in SPEEDS}
        transfer = site.transfer(browser, address)
        page = page_with_python(browser, address)
        peers.prepare(page, node_modules)
        comparisons = []
        for name in peers.CASES:
            print(f"Epochs of {name}")
            comparisons.append(peers.compare(page, name))
        print("Compiling, table 3")
        times = peers.compile_times(page)
        tables = {
            name: json.loads(page.evaluate("on => python.globals.get('table_3')(on, 200)", compiled))
            for name, compiled in (("compiled", True), ("NumPy engine", False))
        }
        chromium = f"Chromium {browser.version}"
    return report.Findings(chromium, versions, comparisons, times, tables, loading, without, frames, transfer)


if __name__ == "__main__":
    main()

"""Time to ready beside the plain set-up: `python -m bench.load` (after `make build`) writes bench/LOAD.md.

The plain set-up is what PyScript's documentation begins with: a configuration in TOML that asks for NumPy, which
micropip installs, every file as it is shipped. Both are served by the same server with the same compression, and
loaded in turns in one run; the ratio of the medians is what is claimed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext

from bench.browser import chromium_running, served
from bench.site import READY, Loading, median, percentile
from sitebuild import browser as chromium
from sitebuild import paths
from sitebuild.build import fetch_runtime
from sitebuild.siblings import siblings

OURS, PLAIN = "Perceptorium", "plain PyScript"
PATIENCE_MS = 120_000
# A visitor stays a while, and the browser finishes and keeps its compiled code.
STAY_MS = 3_000
PAGE = """<!doctype html><html data-app="loading"><title>plain</title>
<script type="module" src="./pyscript/core.js"></script>
<script type="py" config="./pyscript.toml">
import numpy
from js import document
document.documentElement.dataset.app = "ready"
</script>
</html>"""
CONFIGURATION = 'interpreter = "/pyodide/pyodide.mjs"\npackages = ["numpy"]\n'
# What PyScript's way of installing needs beside NumPy, in the versions of Pyodide's lock.
INSTALLERS = ("micropip", "packaging")
# What the browser's developer tools call network conditions: bytes a second, milliseconds.
LINES = {
    "localhost": None,
    "20 Mbit/s, 40 ms": {"downloadThroughput": 20e6 / 8, "uploadThroughput": 5e6 / 8, "latency": 40},
}


@contextmanager
def plain_setup() -> Iterator[Path]:
    """A folder with the plain set-up."""
    _, numpy = fetch_runtime()
    with TemporaryDirectory(prefix="plain-") as name:
        folder = Path(name)
        shutil.copytree(paths.NODE_MODULES / "pyodide", folder / "pyodide")
        shutil.copytree(paths.NODE_MODULES / "@pyscript" / "core" / "dist", folder / "pyscript")
        shutil.copy(numpy, folder / "pyodide")
        lock_file = folder / "pyodide" / "pyodide-lock.json"
        lock = json.loads(lock_file.read_text("utf-8"))
        for installer in INSTALLERS:
            # PyPI has the same versions as Pyodide's CDN, packed anew: hence another hash.
            package = lock["packages"][installer]
            options = ["--no-deps", "--only-binary=:all:", "--python-version", "3.14", "-d", str(folder / "pyodide")]
            command = [sys.executable, "-m", "pip", "download", "-q", f"{installer}=={package['version']}", *options]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
            (wheel,) = (folder / "pyodide").glob(f"{installer}-*.whl")
            package |= {"file_name": wheel.name, "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}
        lock_file.write_text(json.dumps(lock), "utf-8")
        (folder / "index.html").write_text(PAGE, "utf-8")
        (folder / "pyscript.toml").write_text(CONFIGURATION, "utf-8")
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        for sibling, data in siblings({p: f.read_bytes() for p, f in files.items()}, paths.cache()).items():
            (folder / sibling).write_bytes(data)
        yield folder


def loads(browser: Browser, addresses: dict[str, str], rounds: int) -> dict[str, dict[str, Loading]]:
    """Seconds to ready of each page over each line, in turns: first with an empty cache, then once more."""
    found = {line: {name: Loading([], []) for name in addresses} for line in LINES}
    for _ in range(rounds):
        for line, conditions in LINES.items():
            for name, address in addresses.items():
                with profile(browser) as context:
                    for times in (found[line][name].cold, found[line][name].warm):
                        times.append(seconds_to_ready(context, address, conditions))
    return found


@contextmanager
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A new profile on the disk, as a visitor has one: in others Chromium keeps no compiled code.

    Without service workers: warm means what the browser's own cache does.
    """
    with TemporaryDirectory(prefix="profile-", ignore_cleanup_errors=True) as folder:
        context = browser.browser_type.launch_persistent_context(
            folder, executable_path=chromium.find(), args=list(chromium.ARGUMENTS), service_workers="block"
        )
        yield context
        context.close()


def seconds_to_ready(context: BrowserContext, address: str, conditions: dict[str, float] | None) -> float:
    """Load a page once, by the page's own clock, which begins with the navigation."""
    page = context.new_page()
    if conditions is not None:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})
    page.goto(address, wait_until="commit")
    page.wait_for_function(READY, timeout=PATIENCE_MS)
    milliseconds = float(page.evaluate("performance.now()"))
    page.wait_for_timeout(STAY_MS)
    page.close()
    return milliseconds / 1000


def markdown(found: dict[str, dict[str, Loading]], rounds: int, chromium: str) -> str:
    """The report."""
    lines = [
        "# Time to ready",
        "",
        f"Written by `python -m bench.load`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {chromium}, {rounds} rounds,",
        "in turns: seconds from navigation to ready as median (and middle half). The plain set-up imports NumPy and",
        f"no more; Perceptorium is its whole page with working controls. Load: {os.getloadavg()[0]:.1f}.",
        "",
        "| line | page | cold | warm | ratio cold | ratio warm |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for line, pages in found.items():
        for name, times in pages.items():
            plain = pages[PLAIN]
            cold, warm = median(times.cold) / median(plain.cold), median(times.warm) / median(plain.warm)
            lines.append(f"| {line} | {name} | {spread(times.cold)} | {spread(times.warm)} | {cold:.2f} | {warm:.2f} |")
    return "\n".join(lines) + "\n"


def spread(values: list[float]) -> str:
    """Median and middle half."""
    return f"{median(values):.2f} ({percentile(values, 0.25):.2f}–{percentile(values, 0.75):.2f})"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--dist", type=Path, default=paths.DIST, help="the built site")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name("LOAD.md"))
    options = parser.parse_args()
    with plain_setup() as folder, served(folder) as plain, served(options.dist) as ours, chromium_running() as browser:
        found = loads(browser, {PLAIN: plain, OURS: ours}, options.rounds)
        text = markdown(found, options.rounds, f"Chromium {browser.version}")
    options.output.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()

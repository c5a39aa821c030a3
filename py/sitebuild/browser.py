"""Find a Chromium for the browser tests and the benchmark, or install one, and start it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sitebuild.errors import ToolError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# What keeps Chromium quiet on a machine without a network, and running as root.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A function of JavaScript for an empty page of the site: it starts the site's own Python as ``globalThis.python``.
START_PYTHON = """
async () => {
  const page = new DOMParser().parseFromString(await (await fetch("./")).text(), "text/html");
  const start = page.querySelector("script[data-boot]");
  const absolute = (path) => new URL(path, location.href).href;
  await import(absolute(start.getAttribute("src")));
  const { loadPyodide } = await import(absolute(start.dataset.boot));
  globalThis.python = await loadPyodide({});
}
"""


def find() -> str | None:
    """A Chromium that starts, already here: ``$CHROMIUM``, then the PATH, then Playwright's own; else None.

    ToolError when ``$CHROMIUM`` is set to something that does not start: that is a mistake, not a wish for another.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None or not starts(path):
            raise ToolError(f"CHROMIUM is {chosen}, which does not start; set it to a Chromium or unset it.")
        return path
    return next(filter(starts, candidates()), None)


def required() -> str:
    """A Chromium that starts, already here; ToolError where there is none."""
    path = find()
    if path is None:
        raise ToolError("No Chromium here; `python -m sitebuild browser` installs one.")
    return path


@contextmanager
def chromium_running(*more: str) -> Iterator["Browser"]:
    """A Chromium for as long as the block lasts, with further arguments of its command line if any."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            browser.close()


def candidates() -> Iterator[str]:
    """The places where a Chromium may be, best first."""
    yield from filter(None, map(shutil.which, NAMES))
    own = playwrights_own()
    if own is not None and own.exists():
        yield str(own)


def starts(path: str) -> bool:
    """Whether the program runs at all: a download without its system libraries does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own() -> Path | None:
    """Where ``playwright install chromium`` puts its browser; None when Playwright is not installed."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def install() -> str:
    """The path of a Chromium, installing one where there is none; ToolError when every way fails."""
    ways: list[list[list[str]]] = [[[sys.executable, "-m", "playwright", "install", "chromium"]]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        apt = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"]
        ways.append([["apt-get", "-qq", "update"], apt])
    path = find()
    for commands in ways:
        if path is not None:
            return path
        # each step is needed for the next, and what a failed step printed says why
        all(subprocess.run(command, check=False, stdout=sys.stderr).returncode == 0 for command in commands)
        path = find()
    if path is None:
        raise ToolError("No Chromium here, and none could be installed; install one, or set CHROMIUM to its path.")
    return path

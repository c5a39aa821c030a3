"""The built site, served and open in a Chromium, with Python started in the page by hand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from sitebuild import browser as chromium
from sitebuild.browser import START_PYTHON
from sitebuild.serve import server

BLANK = "<!doctype html><title>bench</title>"


@contextmanager
def served(dist: Path) -> Iterator[str]:
    """The address of the site, with its last slash."""
    with server(dist, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://localhost:{running.server_port}/"
        finally:
            running.shutdown()
            thread.join()


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """A Chromium as the tests use it."""
    path = chromium.find()
    if path is None:
        raise SystemExit("no Chromium here: `python -m sitebuild browser` installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def blank_page(browser: Browser, site: str) -> Page:
    """An empty page on the site's own address."""
    page = browser.new_page()
    page.route("**/bench.html", lambda route: route.fulfill(body=BLANK, content_type="text/html"))
    page.goto(f"{site}bench.html")
    return page


def page_with_python(browser: Browser, site: str) -> Page:
    """An empty page in which `python` is Pyodide with NumPy and the package."""
    page = blank_page(browser, site)
    page.evaluate(START_PYTHON)
    return page

"""A page on the site's own address, with Python started in it by hand."""

from playwright.sync_api import Browser, Page

from sitebuild.browser import START_PYTHON

BLANK = "<!doctype html><title>bench</title>"


def page_with_python(browser: Browser, site: str) -> Page:
    """An empty page in which `python` is Pyodide with NumPy and the package."""
    page = browser.new_page()
    page.route("**/bench.html", lambda route: route.fulfill(body=BLANK, content_type="text/html"))
    page.goto(f"{site}bench.html")
    page.evaluate(START_PYTHON)
    return page

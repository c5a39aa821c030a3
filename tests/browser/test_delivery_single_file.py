"""The site as one file, opened from a folder with no network: the same page, doing the same work."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sitebuild.build import build_single_file
from tests.browser.lab import measure_table_3


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file alone in a folder, by a name with a space, as people have them."""
    built = build_single_file(tmp_path_factory.mktemp("stick"))
    return built.rename(built.with_name("for the class.html"))


@pytest.fixture
def alone(page: Page, file: Path, ready: Callable[[Page], Page]) -> Page:
    """The file, opened without a network, and ready."""
    page.context.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    ready(page)
    strange = [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    assert strange == [], "the file asked for something that it does not hold"
    return page


@pytest.mark.imports_more
def test_the_main_job_from_a_file(alone: Page) -> None:
    network = alone.get_by_role("region", name="Network", exact=True)
    network.get_by_role("button", name="Train", exact=True).click()
    expect(network.get_by_text("Stopped: the loss is below 0.01.")).to_be_visible()
    expect(network.get_by_role("status", name="Accuracy", exact=True)).to_have_text("100")
    code = alone.get_by_role("region", name="PyTorch code", exact=True)
    expect(code).to_contain_text("self.fc3 = nn.Linear(4, 1)")
    expect(code).to_contain_text("loss.backward()")
    assert alone.title().startswith("Perceptorium")
    expect(alone.locator("#failure")).to_be_hidden()

    # what an import misses lies in the file as well; numpy.ma needs the docstrings of what is already there
    modules = "wave, statistics, unittest.mock, numpy.fft, numpy.ma, numpy.polynomial, numpy.testing"
    assert alone.evaluate(f"perceptorium.python.runPython('import {modules}; wave.__name__')") == "wave"
    assert alone.evaluate("perceptorium.python.runPython('float(numpy.median([3, 1, 2]))')") == 2


def test_the_lab_from_a_file(alone: Page) -> None:
    measure_table_3(alone)

"""What all tests share: the built site, and the order."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record-imports``: what the browser tests import becomes py/sitebuild/imports.txt (``make record``)."""
    parser.addoption("--record-imports", action="store_true", help="write down what the browser tests import")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that share one browser last: they are the slow ones, and it keeps an event loop running."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make build` writes it, built once and only when a test asks for it."""
    from sitebuild.build import build

    return build(tmp_path_factory.mktemp("site") / "dist")

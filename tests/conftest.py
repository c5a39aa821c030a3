"""What tests of the site share: it is built once, and only when a test asks for it."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make build` writes it."""
    from sitebuild.build import build

    return build(tmp_path_factory.mktemp("site") / "dist")

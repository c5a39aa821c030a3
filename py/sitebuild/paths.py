"""Where things are: the checkout, what is built, and the cache that outlives both."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
NODE_MODULES = ROOT / "node_modules"


def cache() -> Path:
    """The folder for downloads: ``$PERCEPTORIUM_CACHE``, else ``perceptorium`` in the user's cache folder.

    It lies outside the checkout, so that neither ``make clean`` nor a second clone fetches 106 MB again.
    """
    chosen = os.environ.get("PERCEPTORIUM_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "perceptorium"

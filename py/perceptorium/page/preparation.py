"""What Python needs before it imports the application; web/boot.mjs calls it."""

from __future__ import annotations

import marshal
from pathlib import Path

from perceptorium.page import dataclass_methods, library

FILE = "prepared"
"""Beside this module, where the build puts it (sitebuild/prepare.mjs); there is none where Python runs from sources."""


def prepare() -> None:
    """Take over what the build has done already, and install the way to the rest of the library."""
    library.install()
    done = Path(__file__).with_name(FILE)
    if done.exists():
        known = marshal.loads(done.read_bytes())
        dataclass_methods.install(known["methods"])  # before any of our dataclasses is imported

        from perceptorium.engine.initialisation import KNOWN

        KNOWN.update(known["weights"])

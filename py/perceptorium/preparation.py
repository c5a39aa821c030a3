"""What Python does before it begins: all that is the same in every visit; web/boot.mjs calls it."""

from __future__ import annotations

import marshal
import sys
from pathlib import Path

from perceptorium.page import dataclass_methods, library

FILE = "prepared"
"""Beside this module, where the build puts it (sitebuild/prepare.mjs); there is none where Python runs from sources."""


def prepare() -> None:
    """Take over what the build has done already, install the way to the rest of the library, import the application."""
    library.install()
    done = Path(__file__).with_name(FILE)
    if done.exists():
        known = marshal.loads(done.read_bytes())
        dataclass_methods.install(known["methods"])  # before any of our dataclasses is imported

        from perceptorium.engine.initialisation import KNOWN

        KNOWN.update(known["weights"])

    import perceptorium.app
    import perceptorium.page.browser  # noqa: F401
    from perceptorium.session import default_state

    default_state()
    for finder in sys.meta_path:
        if hasattr(finder, "release"):  # perceptorium.page.modules, under the name that it starts by
            finder.release()

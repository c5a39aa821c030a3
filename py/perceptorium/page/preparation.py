"""What Python needs before it imports the application; web/boot.mjs calls it."""

from __future__ import annotations

import zipimport

from perceptorium.page import dataclass_methods, library


def prepare() -> None:
    """Install the compiled methods of dataclasses, and the way to the rest of the library."""
    loader = dataclass_methods.__loader__
    if isinstance(loader, zipimport.zipimporter):
        dataclass_methods.install(loader.get_data(f"{loader.archive}/perceptorium/page/{dataclass_methods.FILE}"))
    library.install()

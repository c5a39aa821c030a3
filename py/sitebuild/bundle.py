"""The application's Python as one zip archive, which the browser's import system reads as it is."""

import io
import zipfile
from pathlib import Path

# The oldest date that a zip can hold: the archive depends on what is in the files, never on when they were written.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(source: Path, package: str) -> bytes:
    """Every file of a package below the source root; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for path in sorted((source / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                out.writestr(entry, path.read_bytes())
    return buffer.getvalue()

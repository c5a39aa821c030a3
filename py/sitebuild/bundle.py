"""Python as zip archives, which the browser's import system reads as they are."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

# The oldest date that a zip can hold: an archive depends on what is in the files, never on when they were written.
EPOCH = (1980, 1, 1, 0, 0, 0)

# What one import loads, as {path in the archive: file}. A fresh process, because this one has imported more.
_LOADED = """
import importlib, json, pathlib, sys
importlib.import_module(sys.argv[1])
package = sys.argv[1].partition(".")[0]
root = pathlib.Path(sys.modules[package].__file__).parents[1]
files = [pathlib.Path(m.__file__) for n, m in sys.modules.items() if n.partition(".")[0] == package]
print(json.dumps({f.relative_to(root).as_posix(): str(f) for f in files}))
"""


def sources(root: Path, package: str) -> dict[str, bytes]:
    """Every file of a package below the source root, by its path from there."""
    files = sorted((root / package).rglob("*"))
    wanted = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in wanted}


def imported(module: str) -> dict[str, bytes]:
    """The files of an installed module's package that its import loads: found by importing it, never by guess."""
    done = subprocess.run([sys.executable, "-c", _LOADED, module], capture_output=True, check=True)
    files: dict[str, str] = json.loads(done.stdout)
    return {name: Path(path).read_bytes() for name, path in sorted(files.items())}


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            out.writestr(entry, data)
    return buffer.getvalue()

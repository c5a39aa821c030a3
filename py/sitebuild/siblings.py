"""``a.wasm.gz`` and ``a.wasm.br`` beside ``a.wasm``: hosts that know them send them; nothing is compressed twice."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import brotli

from sitebuild.digest import sha256
from sitebuild.vendor import place

# Archives are compressed already.
COMPRESSIBLE = (".css", ".html", ".js", ".mjs", ".svg", ".txt", ".wasm", ".webmanifest")
# Below this many bytes a file is one packet on the wire, compressed or not.
WORTHWHILE = 1000


def siblings(files: Mapping[str, bytes], cache: Path) -> dict[str, bytes]:
    """The compressed forms of the files that gain from it, by their paths.

    Args:
        files: the contents of ``dist/`` by path.
        cache: the folder that remembers brotli's work, which takes half a minute for Python itself.
    """
    found = {}
    for path, data in files.items():
        if path.endswith(COMPRESSIBLE) and len(data) >= WORTHWHILE:
            found[f"{path}.gz"] = gzip.compress(data, 9, mtime=0)
            found[f"{path}.br"] = remembered(data, cache)
    return found


def remembered(data: bytes, cache: Path) -> bytes:
    """The data in brotli at its best, from the cache where they have been compressed before."""
    path = cache / "brotli" / sha256(data)
    if not path.exists():
        place(path, brotli.compress(data))
    return path.read_bytes()

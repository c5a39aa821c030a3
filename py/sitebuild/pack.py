"""Many files as one: gzip, the one compression that every browser can undo by itself and faster than Python can.

The name ends in ``.pack``: servers declare files that end in ``.gz`` as compressed on the way, and browsers then hand
them over unpacked.
"""

import gzip
import json
import struct
from collections.abc import Mapping


def squeeze(data: bytes) -> bytes:
    """gzip without a date: the same data give the same bytes."""
    return gzip.compress(data, 9, mtime=0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files, gzipped: the length of the index (4 bytes, little-endian), the index as JSON, then all contents.

    The index is a list of [path, length]. Read by ``unpack`` in web/boot.mjs and by perceptorium/page/library.py.
    """
    index = json.dumps([[path, len(data)] for path, data in files.items()], separators=(",", ":")).encode()
    return squeeze(b"".join((struct.pack("<I", len(index)), index, *files.values())))

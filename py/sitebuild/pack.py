"""Many files as one, in two forms.

What the page asks for now and then is gzip, which Python can undo. What it needs at once is the content of a
WebAssembly module that has nothing else: servers compress that on the way, where they would send an unknown type as it
is, and browsers then undo it outside the page's own thread, which is busy enough.
"""

import gzip
import json
import struct
from collections.abc import Mapping

HEADER = b"\0asm\1\0\0\0"
NAME = b"pack"


def squeeze(data: bytes) -> bytes:
    """gzip without a date: the same data give the same bytes."""
    return gzip.compress(data, 9, mtime=0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files: the length of the index (4 bytes, little-endian), the index as JSON, then all contents.

    The index is a list of [path, length]. Read by ``entries`` in web/boot.mjs and by perceptorium/page/library.py.
    """
    index = json.dumps([[path, len(data)] for path, data in files.items()], separators=(",", ":")).encode()
    return b"".join((struct.pack("<I", len(index)), index, *files.values()))


def wasm(data: bytes) -> bytes:
    """A WebAssembly module with one custom section, "pack", whose content is the data: at byte 19 in every one.

    WebAssembly Core Specification 5.5.3: section id 0, size, name; the size is written in as many bytes as it may take.
    """
    size = 1 + len(NAME) + len(data)
    leb128 = bytes((size >> shift & 0x7F) | (0x80 if shift < 28 else 0) for shift in range(0, 35, 7))
    return b"".join((HEADER, b"\0", leb128, bytes([len(NAME)]), NAME, data))

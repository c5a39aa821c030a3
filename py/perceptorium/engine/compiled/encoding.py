"""The bytes of a WebAssembly module: integers, types and sections (core specification 2.0, chapter 5).

A module is the magic number, the version, and sections. A section is its number, its length in bytes, and a vector
of entries; a vector is its length followed by its entries. All lengths and indices are LEB128 integers.
"""

from collections.abc import Iterable
from functools import lru_cache

I32, F64, V128 = "i32", "f64", "v128"
VALUE_TYPE = {I32: b"\x7f", F64: b"\x7c", V128: b"\x7b"}
MAGIC_AND_VERSION = b"\0asm\x01\0\0\0"


@lru_cache(maxsize=4096)
def unsigned(value: int) -> bytes:
    """LEB128: seven bits a byte, least significant first, the high bit set on all but the last byte."""
    if value < 0x80:
        return bytes((value,))
    encoded = bytearray()
    while value >= 0x80:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def signed(value: int) -> bytes:
    """Signed LEB128: as `unsigned`, in two's complement, ended where the remaining bits all equal the sign bit."""
    encoded = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        if value == (-1 if byte & 0x40 else 0):
            encoded.append(byte)
            return bytes(encoded)
        encoded.append(byte | 0x80)


def vector(entries: Iterable[bytes]) -> bytes:
    """The number of entries, then the entries."""
    entries = list(entries)
    return unsigned(len(entries)) + b"".join(entries)


def name(text: str) -> bytes:
    """A name is a vector of UTF-8 bytes."""
    encoded = text.encode()
    return unsigned(len(encoded)) + encoded


def section(number: int, content: bytes) -> bytes:
    """One section: 1 types, 3 functions, 5 memories, 7 exports, 10 code."""
    return bytes((number,)) + unsigned(len(content)) + content


def function_type(parameters: Iterable[str], result: str | None) -> bytes:
    """The type of a function with these parameter types and at most one result."""
    results = [] if result is None else [VALUE_TYPE[result]]
    return b"\x60" + vector(VALUE_TYPE[kind] for kind in parameters) + vector(results)

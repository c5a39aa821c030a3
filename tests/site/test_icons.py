"""The icon: what is written as SVG and as PNG is one drawing."""

import struct
import zlib

import numpy as np

from sitebuild.icons import GROUND, INPUT, OUTPUT, icons, rgb


def pixels(data: bytes) -> np.ndarray:
    """Read a PNG of the kind that is written here: RGB, no filters."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">II", data, 16)
    start = data.index(b"IDAT") + 4
    (length,) = struct.unpack_from(">I", data, start - 8)
    rows = np.frombuffer(zlib.decompress(data[start : start + length]), np.uint8).reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def test_the_picture_is_the_drawing() -> None:
    for size in (192, 512):
        picture = pixels(icons()[f"icon-{size}.png"])
        assert picture.shape == (size, size, 3)

        def at(x: float, y: float, picture: np.ndarray = picture, scale: float = size / 32) -> tuple[int, ...]:
            return tuple(int(part) for part in picture[int(y * scale), int(x * scale)])

        assert at(1, 1) == at(31, 31) == rgb(GROUND)
        assert at(8, 9) == at(8, 23) == rgb(INPUT)
        assert at(24, 16) == rgb(OUTPUT)
        assert at(16, 12.5)[2] > at(16, 12.5)[0], "a positive weight is blue"


def test_every_checksum_is_right() -> None:
    data = icons()["icon-192.png"][8:]
    while data:
        (length,) = struct.unpack_from(">I", data)
        assert struct.unpack_from(">I", data, 8 + length) == (zlib.crc32(data[4 : 8 + length]),)
        data = data[12 + length :]


def test_the_svg_is_small_and_dashes_the_negative_weight() -> None:
    svg = icons()["icon.svg"].decode()
    assert len(svg) < 700
    assert svg.count("stroke-dasharray") == 1

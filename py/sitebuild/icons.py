"""The page's icon, drawn once and written twice: as SVG, and as PNG for what installs a page as a program.

A small network on a dark ground, in the colours of the page: two inputs, a positive and a negative weight, one output.
"""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 32.0
GROUND, POSITIVE, NEGATIVE, INPUT, OUTPUT = "#1c1e21", "#74abff", "#ff8078", "#faf9f7", "#ff8a5c"
# For each pixel of a PNG, this many times this many points are looked at.
FINENESS = 4


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str

    def svg(self) -> str:
        """The element."""
        return f'<circle cx="{self.x:g}" cy="{self.y:g}" r="{self.radius:g}" fill="{self.colour}"/>'

    def covers(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in it."""
        return np.asarray((x - self.x) ** 2 + (y - self.y) ** 2 <= self.radius**2)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line of some width; dashes and gaps alternate along it where ``dash`` gives their lengths."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str
    dash: tuple[float, float] = (0.0, 0.0)

    def svg(self) -> str:
        """The element."""
        dash = f' stroke-dasharray="{self.dash[0]:g} {self.dash[1]:g}"' if any(self.dash) else ""
        path = f"M{self.x1:g} {self.y1:g} {self.x2:g} {self.y2:g}"
        return f'<path d="{path}" stroke="{self.colour}" stroke-width="{self.width:g}"{dash}/>'

    def covers(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie on it."""
        length = float(np.hypot(self.x2 - self.x1, self.y2 - self.y1))
        ahead, aside = (self.x2 - self.x1) / length, (self.y2 - self.y1) / length
        along = (x - self.x1) * ahead + (y - self.y1) * aside
        away = np.abs((x - self.x1) * aside - (y - self.y1) * ahead)
        inked = along % sum(self.dash) <= self.dash[0] if any(self.dash) else True
        return np.asarray((along >= 0) & (along <= length) & (away <= self.width / 2) & inked)


SHAPES: tuple[Disc | Line, ...] = (
    Line(8, 9, 24, 16, 2.4, POSITIVE),
    Line(8, 23, 24, 16, 2.4, NEGATIVE, (4, 2)),
    Disc(8, 9, 4, INPUT),
    Disc(8, 23, 4, INPUT),
    Disc(24, 16, 5, OUTPUT),
)


def icons() -> dict[str, bytes]:
    """The files, by their names."""
    return {"icon.svg": svg(), "icon-192.png": png(192), "icon-512.png": png(512)}


def svg() -> bytes:
    """The drawing, with round corners."""
    shapes = "".join(shape.svg() for shape in SHAPES)
    ground = f'<rect width="{SIZE:g}" height="{SIZE:g}" rx="6" fill="{GROUND}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:g} {SIZE:g}">{ground}{shapes}</svg>\n'.encode()


def png(size: int) -> bytes:
    """The drawing with so many pixels a side, to its edges: systems cut their own corners."""
    points = (np.arange(size * FINENESS) + 0.5) * SIZE / (size * FINENESS)
    x, y = points[None, :], points[:, None]
    picture = np.empty((len(points), len(points), 3))
    picture[:] = rgb(GROUND)
    for shape in SHAPES:
        picture[shape.covers(x, y)] = rgb(shape.colour)
    pixels = picture.reshape(size, FINENESS, size, FINENESS, 3).mean((1, 3)).round().astype(np.uint8)
    rows = np.concatenate([np.zeros((size, 1), np.uint8), pixels.reshape(size, -1)], axis=1)  # 0: no filter
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)  # 8 bits of red, green and blue each
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in chunks)


def rgb(colour: str) -> tuple[int, ...]:
    """``#1c1e21`` as numbers."""
    return tuple(bytes.fromhex(colour[1:]))


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file, with its length and checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

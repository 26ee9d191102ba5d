"""Draws the icon of the Office add-in: a house with a percent sign. Made by code, so that no picture has to be kept."""

from __future__ import annotations

import struct
import zlib

SIZES = (16, 32, 64, 80)
"""The sizes that Excel asks for, in pixels."""

_BLUE, _WHITE = (31, 78, 121), (255, 255, 255)
_FINE = 4  # each pixel is the mean of 4 by 4 points


def file_name(size: int) -> str:
    """The icon's file."""
    return f"icon-{size}.png"


def png(size: int) -> bytes:
    """The icon as a PNG file."""
    rows = b"".join(b"\0" + b"".join(_pixel(x, y, size) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel(x: int, y: int, size: int) -> bytes:
    """One pixel as red, green, blue and how opaque."""
    points = [
        ((x + (i + 0.5) / _FINE) / size, (y + (j + 0.5) / _FINE) / size) for i in range(_FINE) for j in range(_FINE)
    ]
    inside = [(_is_sign(a, b), a, b) for a, b in points if _is_house(a, b)]
    if not inside:
        return bytes(4)
    white = sum(sign for sign, _, _ in inside) / len(inside)
    colors = (round(blue + (light - blue) * white) for blue, light in zip(_BLUE, _WHITE, strict=True))
    return bytes((*colors, round(255 * len(inside) / len(points))))


def _is_house(x: float, y: float) -> bool:
    """Points of the house: a roof over walls. x and y go from 0 to 1, from the top left."""
    roof = 0.04 <= y <= 0.46 and abs(x - 0.5) <= (y - 0.04) * 1.12
    walls = 0.40 <= y <= 0.95 and 0.12 <= x <= 0.88
    return roof or walls


def _is_sign(x: float, y: float) -> bool:
    """Points of the percent sign: two rings and a stroke."""
    rings = ((0.36, 0.52), (0.64, 0.78))
    on_ring = any(0.045**2 <= (x - a) ** 2 + (y - b) ** 2 <= 0.105**2 for a, b in rings)
    stroke = 0.42 <= y <= 0.88 and abs((x - 0.5) + (y - 0.65) * 0.62) <= 0.04
    return on_ring or stroke

"""Colour arithmetic, each formula with its source. Colours are `#rrggbb`."""

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009),
# severity 1.0, for linear sRGB.
VISIONS: dict[str, Matrix] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

# IEC 61966-2-1 (sRGB, white point D65).
_TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Triple = (0.95047, 1.0, 1.08883)


def contrast(one: str, other: str) -> float:
    """The contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio" and "relative luminance")."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def closest(colours: dict[str, str], vision: str) -> tuple[float, str, str]:
    """The two of `colours` (by name) that are hardest to tell apart with that `vision`: (ΔE2000, name, name)."""
    seen = {name: lab(colour, vision) for name, colour in colours.items()}
    return min((ciede2000(seen[one], seen[other]), one, other) for one, other in combinations(seen, 2))


def lab(colour: str, vision: str = "normal") -> Triple:
    """In CIELAB (CIE 15:2004), as somebody with that `vision` sees it."""
    seen = [min(1.0, max(0.0, part)) for part in _times(VISIONS[vision], _linear(colour))]
    x, y, z = (_lab_part(part / white) for part, white in zip(_times(_TO_XYZ, seen), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: Triple, other: Triple) -> float:
    """How different two colours look; about 1 can just be seen (Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference
    Formula", 2005, equations 2 to 22)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    g = 0.5 * (1 - _chroma_weight((hypot(a1, b1) + hypot(a2, b2)) / 2))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360

    turn, h_mean = h2 - h1, (h1 + h2) / 2
    if c1 * c2 == 0:
        turn, h_mean = 0, h1 + h2
    elif abs(turn) > 180:
        turn -= 360 if turn > 0 else -360
        h_mean += 180 if h_mean < 180 else -180
    light, chroma = l2 - l1, c2 - c1
    hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))

    l_mean, c_mean = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * cos(radians(h_mean - 30))
        + 0.24 * cos(radians(2 * h_mean))
        + 0.32 * cos(radians(3 * h_mean + 6))
        - 0.20 * cos(radians(4 * h_mean - 63))
    )
    s_light = 1 + 0.015 * (l_mean - 50) ** 2 / sqrt(20 + (l_mean - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * c_mean, 1 + 0.015 * c_mean * t
    rotation = -2 * _chroma_weight(c_mean) * sin(radians(60 * exp(-(((h_mean - 275) / 25) ** 2))))
    light, chroma, hue = light / s_light, chroma / s_chroma, hue / s_hue
    return sqrt(light**2 + chroma**2 + hue**2 + rotation * chroma * hue)


def _chroma_weight(chroma: float) -> float:
    return sqrt(chroma**7 / (chroma**7 + 25**7))


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Triple:
    red, green, blue = (_linear_part(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _linear_part(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _lab_part(t: float) -> float:
    return float(t ** (1 / 3)) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29


def _times(matrix: Matrix, vector: Triple | list[float]) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three

"""The generated picture: an SVG poster with the event's name, the same one every time."""

import hashlib
import re
import textwrap
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 600, 900
LINE_CHARS, MAX_LINES = 15, 6
LINE_HEIGHT = 68
MAX_NAME_CHARS = 200

# XML has no way to write these (XML 1.0 §2.2), not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_POSTER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<title>{label}</title>
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="{tilt}" y2="1">
<stop offset="0" stop-color="hsl({hue} 58% 34%)"/>
<stop offset="1" stop-color="hsl({second_hue} 62% 14%)"/>
</linearGradient>
</defs>
<rect width="{width}" height="{height}" fill="url(#sky)"/>
{lights}
<g fill="#fff" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif">
<text x="48" y="84" font-size="26" letter-spacing="6" opacity=".85">{event_type}</text>
<text font-size="58" font-weight="700">
{lines}
</text>
</g>
</svg>
"""


def draw_poster(event_id: int, name: str, event_type: str) -> bytes:
    """The poster in UTF-8. Everything that varies comes from the arguments: the name as text, the colours by hash."""
    seed = hashlib.sha256(f"{event_id}\0{name}".encode()).digest()
    hue = int.from_bytes(seed[:2]) % 360
    return _POSTER.format(
        width=WIDTH,
        height=HEIGHT,
        label=_xml(name[:MAX_NAME_CHARS]),
        tilt=seed[2] / 255,
        hue=hue,
        second_hue=(hue + 40 + seed[3] % 80) % 360,
        lights="\n".join(_light(seed[4 + 4 * nth : 8 + 4 * nth]) for nth in range(5)),
        event_type=_xml(event_type.upper()[:LINE_CHARS]),
        lines=_lines(name[:MAX_NAME_CHARS]),
    ).encode()


def _light(seed: bytes) -> str:
    x, y = seed[0] * WIDTH // 255, seed[1] * HEIGHT // 255
    radius, opacity = 60 + seed[2], 0.04 + seed[3] / 255 * 0.08
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#fff" opacity="{opacity:.3f}"/>'


def _lines(name: str) -> str:
    lines = textwrap.wrap(name, LINE_CHARS, max_lines=MAX_LINES, placeholder="…")
    first = HEIGHT - 72 - LINE_HEIGHT * (len(lines) - 1)
    return "\n".join(
        f'<tspan x="48" y="{first + LINE_HEIGHT * nth}">{_xml(line)}</tspan>' for nth, line in enumerate(lines)
    )


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("", text), {'"': "&quot;", "'": "&#39;"})

"""Ticket codes: what they say, how they are signed, how they are checked (ADR-0027).

`FR1` and base32 (RFC 4648 §6) of: the event's id, the booking's id, and the first half of an HMAC-SHA256 (RFC 2104 §5)
over both. Only capitals and digits, so that a QR code holds it in its dense mode and a person can read it out. Whoever
has the key can check a code without asking anybody; whether its booking was cancelled, only the box office knows. Who
has no key knows a code again by its fingerprint (ADR-0035).
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

VERSION = "FR1"
MAX_CODE_CHARS = 200
_DERIVATION = b"frontrow ticket code"
_SEAL_BYTES = 16
_FINGERPRINT_BYTES = 16
_MAX_ID = 2**63 - 1
_GROUPING = str.maketrans("", "", " -\t\r\n")


class InvalidTicketCode(Exception):
    """It is no code of ours: malformed, forged, or signed with a key that is not known (any more)."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a code stands for."""

    event_id: int
    booking_id: int


class TicketCodes:
    """Signs with a key that is derived from `secret`; checks with those of `old_secrets` too, so that tickets that were
    printed before a secret was changed still open the door.
    """

    def __init__(self, secret: str, old_secrets: Iterable[str] = ()) -> None:
        # A key of its own, so that nothing else that the secret signs can pass for a ticket.
        self._keys = [hmac.digest(text.encode(), _DERIVATION, "sha256") for text in (secret, *old_secrets)]

    def sign(self, ticket: Ticket) -> str:
        """The code of `ticket`: always the same, as long as the secret is."""
        return _signed(ticket, self._keys[0])

    def verify(self, code: str) -> Ticket:
        """What `code` stands for; small letters, spaces and hyphens do not matter. Raises `InvalidTicketCode` for every
        kind of wrong code alike.
        """
        if len(code) > MAX_CODE_CHARS or not code.isascii():
            raise InvalidTicketCode
        plain = code.translate(_GROUPING).upper()
        ticket = _read(plain)
        # Signed again and compared whole: base32 and numbers have several spellings, a code has one.
        if not any(hmac.compare_digest(_signed(ticket, key).encode(), plain.encode()) for key in self._keys):
            raise InvalidTicketCode
        return ticket

    def fingerprints(self, ticket: Ticket) -> list[str]:
        """What a scanner can know the ticket's code by without being able to make it: one for each key, the present
        one first. See `fingerprint`."""
        return [fingerprint(_signed(ticket, key)) for key in self._keys]


def fingerprint(code: str) -> str:
    """The first half of the SHA-256 of a code in its one spelling (capitals, nothing between them), as 32 hexadecimal
    digits. There is no way back: of what was hashed, 128 bits are the seal.
    """
    return sha256(code.encode()).digest()[:_FINGERPRINT_BYTES].hex()


def _signed(ticket: Ticket, key: bytes) -> str:
    content = _number(ticket.event_id) + _number(ticket.booking_id)
    seal = hmac.digest(key, VERSION.encode() + content, "sha256")[:_SEAL_BYTES]
    return VERSION + base64.b32encode(content + seal).decode().rstrip("=")


def _read(plain: str) -> Ticket:
    """What stands in a code, not yet believed."""
    try:
        if not plain.startswith(VERSION):
            raise ValueError
        text = plain.removeprefix(VERSION)
        content = base64.b32decode(text + "=" * (-len(text) % 8))[:-_SEAL_BYTES]
        event_id, rest = _first_number(content)
        booking_id, rest = _first_number(rest)
        if rest:
            raise ValueError
    except (ValueError, binascii.Error):
        raise InvalidTicketCode from None
    return Ticket(event_id, booking_id)


def _number(value: int) -> bytes:
    """Seven bits to a byte, the lowest first; the highest bit says that more follow (LEB128)."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _first_number(content: bytes) -> tuple[int, bytes]:
    value = 0
    for place, byte in enumerate(content):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            if not 1 <= value <= _MAX_ID:
                raise ValueError
            return value, content[place + 1 :]
    raise ValueError

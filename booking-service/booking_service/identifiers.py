"""New ids for holds and orders: UUIDv7 (RFC 9562 §5.7), so that neighbours in time are neighbours in an index."""

import os
import time
from uuid import UUID

_RANDOM_BYTES = 10
_IDS_PER_CALL = 256

_random = b""


def new_id() -> UUID:
    """A fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | _random_bits()
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def _random_bits() -> int:
    """80 bits of the system's randomness, which is asked for many ids at once: the call costs more than the bits."""
    global _random
    if not _random:
        _random = os.urandom(_RANDOM_BYTES * _IDS_PER_CALL)
    bits, _random = _random[:_RANDOM_BYTES], _random[_RANDOM_BYTES:]
    return int.from_bytes(bits, "big")

"""Shifts what Python code can learn of the wall clock in this process; monotonic clocks and timers stay as they are.

Shifted: `time.time`, `time.time_ns`, `time.gmtime` and `time.localtime` without an instant, `datetime.now`,
`datetime.utcnow`, and with them `date.today` and `datetime.today`, which ask `time.time`. Not shifted:
`time.clock_gettime`, and C code that asks the system itself; our services have none that decides by it.
"""

import ctypes
import gc
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any


def shift_clocks(seconds: Callable[[], float]) -> None:
    """From now on the wall clock is ahead by `seconds()`, asked at each look. To be called once, before the imports of
    those who look.
    """
    true_time, true_time_ns = time.time, time.time_ns
    time.time = lambda: true_time() + seconds()
    time.time_ns = lambda: true_time_ns() + int(seconds() * 1e9)
    for name in ("gmtime", "localtime"):
        setattr(time, name, _from_shifted_time(getattr(time, name)))
    # The class itself stays: C code such as msgspec's and pydantic's knows it by its address, and a subclass in its
    # place would be a stranger to them. It takes no new attributes, but its dictionary does.
    members = gc.get_referents(datetime.__dict__)[0]
    for name in ("now", "utcnow"):
        members[name] = classmethod(_later(members[name], seconds))
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime))


def _from_shifted_time(breaks_down: Callable[[float], time.struct_time]) -> Callable[..., time.struct_time]:
    return lambda instant=None: breaks_down(time.time() if instant is None else instant)


def _later(method: Any, seconds: Callable[[], float]) -> Callable[..., datetime]:
    def look(kind: type[datetime], *arguments: Any, **named: Any) -> datetime:
        now: datetime = method.__get__(None, kind)(*arguments, **named)
        return now + timedelta(seconds=seconds())

    return look

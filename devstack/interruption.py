"""Ctrl-C, SIGTERM and a closed terminal all mean: stop in good order. Once is enough."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def stopping_on_signals(on_stop: Callable[[], None]) -> Iterator[None]:
    """Inside, the first such signal calls `on_stop` and raises KeyboardInterrupt; later ones are ignored.

    So cleaning up is not interrupted by an impatient second Ctrl-C; every part has a time limit anyway.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        on_stop()
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number in _STOP_SIGNALS:
        # `nohup` has SIGHUP ignored, and that must stay so.
        if not (number == signal.SIGHUP and before[number] == signal.SIG_IGN):
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

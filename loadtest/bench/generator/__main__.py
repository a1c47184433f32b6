"""`python -m loadtest.bench.generator`: reads a plan, connects, says ready; does it when told to; reports.

Over standard input and output: a plan, `ready` back, `go`; for sockets `stop` as well; the result back.
"""

import asyncio
import gc
import resource
import sys
import time

import uvloop

from loadtest.bench.generator.people import burst, connected, walk
from loadtest.bench.generator.sockets import Arrivals, open_all, report
from loadtest.bench.plans import Burst, Result, Walk, Watch, decode_plan, encode


async def _do(plan: Walk | Burst | Watch) -> Result:
    if isinstance(plan, Watch):
        arrivals = Arrivals()
        transports, subprotocol = await open_all(plan, arrivals)
        arrivals.frames = arrivals.bytes = 0
        await _told("go")
        cpu_s = time.process_time()
        await _told("stop")
        watched = report(arrivals, transports, subprotocol)
        watched.cpu_s = time.process_time() - cpu_s
        return watched
    lanes = await connected(plan.people)
    await _told("go")
    cpu_s = time.process_time()
    load = await (walk(plan, lanes) if isinstance(plan, Walk) else burst(plan, lanes))
    load.cpu_s = time.process_time() - cpu_s
    for lane in lanes:
        lane.close()
    return load


async def _told(word: str) -> None:
    if word == "go":
        _write(b"ready\n")
    line = await asyncio.to_thread(sys.stdin.buffer.readline)
    if line.strip() != word.encode():
        # Whoever started us is gone.
        sys.exit(1)


def _write(text: bytes) -> None:
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


def main() -> None:
    """See above."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    size = int.from_bytes(sys.stdin.buffer.read(4), "big")
    plan = decode_plan(sys.stdin.buffer.read(size))
    # A plan is a hundred thousand objects that live to the end: a collection in the middle would only stop the load.
    gc.freeze()
    gc.disable()
    _write(encode(uvloop.run(_do(plan))))


if __name__ == "__main__":
    main()

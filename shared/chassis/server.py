"""`python -m <service>`: run a service with uvicorn, set up the same way everywhere."""

import argparse
import gc
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.importer import import_from_string

from shared.chassis.one_write import OneWriteProtocol
from shared.chassis.wire import WireProtocol

PROTOCOLS: dict[str, Any] = {
    "http": OneWriteProtocol,
    "ws": WireProtocol,
    # Small frames to thousands of viewers: deflate doubled the CPU per frame and cost 38 kB of memory a socket.
    "ws_per_message_deflate": False,
    "ws_max_size": 1024,  # a viewer has nothing to say
}
"""How uvicorn is to speak HTTP and WebSockets."""


def serve(factory: str, *, description: str, default_port: int) -> None:
    """Parse `--host` and `--port` and serve the app made by `factory` ("module:function") until a signal says stop."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=default_port)
    arguments = parser.parse_args()
    uvicorn.run(
        _load(factory),
        factory=True,
        host=arguments.host,
        port=arguments.port,
        **PROTOCOLS,
        access_log=False,  # one line per request is the chassis' own
        log_config=None,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        timeout_graceful_shutdown=5,
        backlog=4096,
    )


NEW_OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Python's own 700 is reached by ten requests that wait for the database, whose objects are then looked through again
and again for cycles that they do not have: a sixth of what a hold cost. Fifty thousand are ten MB at most."""


def _load(factory: str) -> Callable[[], Any]:
    """Import the factory without looking for garbage: of all that an import makes nothing is, and looking for it again
    and again was a fifth of a service's start. What is there after it is never looked through again either.
    """
    gc.disable()
    loaded: Callable[[], Any] = import_from_string(factory)
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()
    return loaded

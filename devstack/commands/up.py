"""`./frontrow up`: the whole system until Ctrl-C."""

import os
import threading
import time
from argparse import Namespace

from devstack.interruption import stopping_on_signals
from devstack.stack import ADMIN_EMAIL, Stack
from devstack.state import default_data_folder


def run(arguments: Namespace) -> int:
    """Start, say where everything is, and wait. Ending it by a signal is the normal end: exit code 0."""
    begun = time.monotonic()
    stack = Stack(
        arguments.data or default_data_folder(),
        instances=arguments.instances or 1,
        port_base=arguments.port_base,
        environment="development",
        database_url=os.environ.get("DATABASE_URL") or None,
        redis_url=os.environ.get("REDIS_URL") or None,
        say=_say,
    )
    try:
        with stopping_on_signals(lambda: _say("Stopping …")), stack:
            _say(_welcome(stack, time.monotonic() - begun))
            threading.Event().wait()
    except KeyboardInterrupt:
        _say(f"Stopped. The data stays in {stack.folder.path}")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _welcome(stack: Stack, seconds: float) -> str:
    instances = " ".join(f"{url}/docs" for url in stack.booking_urls)
    if stack.admin_is_new:
        password = f"{stack.admin_password}\n               (shown only now; kept in {stack.admin_password_file})"
    else:
        password = f"in {stack.admin_password_file}"
    return f"""
Frontrow is ready ({seconds:.1f} s).

  Front end    {stack.edge_url}
  Auth         {stack.auth_url}/docs
  Events       {stack.events_url}/docs
  Booking      {instances}

  Admin        {ADMIN_EMAIL}
  Password     {password}

  Data, logs   {stack.folder.path}

Ctrl-C stops everything; the data stays.
"""

"""`python -m devstack.edge`: serve the front end and pass /api and /ws on to the services."""

import argparse
import json
from pathlib import Path

from aiohttp import web

from devstack.edge.app import create_edge
from devstack.edge.upstreams import Upstreams
from devstack.paths import FRONTEND


def main() -> int:
    """Parse the command line and serve until a signal says stop."""
    parser = argparse.ArgumentParser(prog="python -m devstack.edge", description=__doc__, allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--auth", default="http://127.0.0.1:8000", metavar="URL")
    parser.add_argument("--events", default="http://127.0.0.1:8001", metavar="URL")
    parser.add_argument("--booking", action="append", metavar="URL", help="repeat it for more instances")
    parser.add_argument("--frontend", type=Path, default=FRONTEND, metavar="FOLDER")
    arguments = parser.parse_args()
    headers_file = arguments.frontend / "headers.json"
    try:
        page_headers = json.loads(headers_file.read_text())
    except (OSError, ValueError) as error:
        # Pages without their security headers are not served at all.
        parser.exit(1, f"cannot read the pages' headers from {headers_file}: {error}\n")
    upstreams = Upstreams(
        auth=[arguments.auth],
        events=[arguments.events],
        booking=arguments.booking or ["http://127.0.0.1:8002"],
    )
    app = create_edge(upstreams, frontend=arguments.frontend, page_headers=page_headers)
    web.run_app(
        app,
        host=arguments.host,
        port=arguments.port,
        print=None,
        access_log=None,
        # Open sockets do not delay the end: their browsers connect again.
        shutdown_timeout=2,
        backlog=4096,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

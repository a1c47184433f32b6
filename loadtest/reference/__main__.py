"""`python -m loadtest.reference best|literal|bare --port N`: serve one of them, as `./frontrow bench` does."""

import argparse

import uvicorn

APPS = {
    "best": "loadtest.reference.best:create_app",
    "literal": "loadtest.reference.literal:create_app",
    "bare": "loadtest.reference.bare:app",
}


def main() -> None:
    """See above. The server is set up like ours; it writes no access log, which is generous."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("design", choices=APPS)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    uvicorn.run(
        APPS[arguments.design],
        factory=APPS[arguments.design].endswith(":create_app"),
        host="127.0.0.1",
        port=arguments.port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        backlog=4096,
    )


if __name__ == "__main__":
    main()

"""`./frontrow status`: what runs on a data folder."""

import json
from argparse import Namespace
from typing import Any
from urllib.parse import urlsplit

from devstack.state import DataFolder, Record, Running


def run(arguments: Namespace) -> int:
    """Print what runs; 1 when nothing does."""
    folder = DataFolder(arguments.data)
    record = folder.running()
    if arguments.json:
        print(json.dumps(as_document(record), indent=2))
    elif record is None:
        print(f"Nothing runs on {folder.path}. Start it with ./frontrow up")
    else:
        print(_as_table(folder, record))
    return 0 if record else 1


def as_document(record: Record | None) -> dict[str, Any]:
    """For programs. `pid` is null for a server that is not ours, and between a death and the next start."""

    def server(part: Running | None) -> dict[str, Any]:
        return {"pid": part.pid if part else None, "url": part.url if part else None}

    services = record.services if record else []
    return {
        "services": [{"name": part.name, "pid": part.pid, "port": part.port, "url": part.url} for part in services],
        "postgres": server(record.postgres if record else None),
        "redis": server(record.redis if record else None),
    }


def _as_table(folder: DataFolder, record: Record) -> str:
    parts = [part for part in (*record.services, record.postgres, record.redis) if part is not None]
    rows = [f"  {part.name:10}  {part.pid or '-':>8}  {_without_password(part.url)}" for part in parts]
    return "\n".join([f"  {'part':10}  {'process':>8}  address", *rows, f"\nData and logs: {folder.path}"])


def _without_password(url: str) -> str:
    address = urlsplit(url)
    return url.replace(f":{address.password}@", ":…@") if address.password else url

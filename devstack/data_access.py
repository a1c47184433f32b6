"""The database of a copy, whether the copy runs at present or not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack.paths import ROOT
from devstack.servers import Servers
from devstack.service_settings import service_settings
from devstack.stack import Parts
from devstack.state import DataFolder
from devstack.supervision import Launch, run_once
from devstack.web import python_command


@contextmanager
def environment_with_data(data_dir: Path | None) -> Iterator[dict[str, str]]:
    """The environment of a program that works on the copy's data.

    That is the database of DATABASE_URL when set, else that of the running copy; else the copy's servers
    are started for as long as the `with` lasts, and the database is brought up to date.
    """
    folder = DataFolder(data_dir)
    record = folder.running()
    given = os.environ.get("DATABASE_URL")
    if record is not None and record.postgres is not None and record.redis is not None:
        yield service_settings(folder, database_url=given or record.postgres.url, redis_url=record.redis.url)
    elif given:
        folder.make()
        # Commands that only write rows; a Redis that does not answer is no obstacle to them.
        redis_url = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
        yield service_settings(folder, database_url=given, redis_url=redis_url)
    else:
        with Servers(folder.path, durable=True) as servers:
            settings = service_settings(folder, database_url=servers.database_url, redis_url=servers.redis_url)
            migrate = Launch(command=python_command(*Parts().migrate), environment=settings, folder=ROOT)
            run_once(migrate, what="bringing the database up to date")
            yield settings

"""PostgreSQL and Redis from packages: they keep what they acknowledged, and nobody gets in without a password."""

import os
import pwd
import socket
from pathlib import Path

import psycopg2
import pytest
import redis

from devstack.errors import StackError
from devstack.ports import free_port
from devstack.postgres import Postgres
from devstack.processes import working_in
from devstack.servers import Servers
from devstack.state import DataFolder


def rows(url: str) -> list[int]:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT a FROM t ORDER BY a")
            return [row[0] for row in cursor.fetchall()]
    finally:
        connection.close()


def insert(url: str, number: int) -> None:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS t (a int)")
        cursor.execute("INSERT INTO t VALUES (%s)", (number,))
    connection.close()


def test_committed_rows_and_written_keys_outlive_kill_9_of_the_servers(data_dir: Path) -> None:
    lines: list[str] = []
    with Servers(data_dir, say=lines.append) as servers:
        insert(servers.database_url, 1)
        keys = redis.Redis.from_url(servers.redis_url)
        keys.set("a", "1")

        servers.kill("postgres")
        servers.kill("redis")
        servers.wait_until_ready("postgres")
        servers.wait_until_ready("redis")

        assert rows(servers.database_url) == [1]
        assert keys.get("a") == b"1"
        keys.close()
    assert sum("starting it again" in line for line in lines) == 2


def test_the_data_is_there_at_the_next_start_and_nothing_is_left_running(data_dir: Path) -> None:
    with Servers(data_dir) as servers:
        insert(servers.database_url, 1)
    assert list(working_in(data_dir / "postgres/data")) == []
    assert list(working_in(data_dir / "redis")) == []

    with Servers(data_dir) as servers:
        insert(servers.database_url, 2)

        assert rows(servers.database_url) == [1, 2]


def test_a_pid_file_that_names_a_living_stranger_does_not_stop_the_start(data_dir: Path) -> None:
    """After `kill -9` of everything the file stays, and its pid may by then be anybody's."""
    with Servers(data_dir) as servers:
        insert(servers.database_url, 1)
    cluster = data_dir / "postgres/data"
    pid_file = cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster}\n1700000000\n5432\n\n127.0.0.1\n       0         0\nready\n")
    os.chown(pid_file, cluster.stat().st_uid, -1)

    with Servers(data_dir) as servers:
        assert rows(servers.database_url) == [1]


def test_the_servers_ask_for_their_passwords(servers: Servers) -> None:
    password = servers.database_url.split(":")[2].partition("@")[0]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(servers.database_url.replace(password, "wrong"))

    address = servers.redis_url.partition("@")[2]
    client = redis.Redis.from_url(f"redis://{address}")
    with pytest.raises(redis.AuthenticationError):
        client.ping()
    client.close()


def test_the_servers_listen_on_this_machine_only(servers: Servers) -> None:
    connection = psycopg2.connect(servers.database_url)
    with connection.cursor() as cursor:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("127.0.0.1",)
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
    connection.close()


def test_a_half_made_cluster_is_made_anew(data_dir: Path) -> None:
    """`initdb` writes PG_VERSION early: its presence says nothing."""
    unfinished = data_dir / "postgres/data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")

    with Servers(data_dir) as servers:
        insert(servers.database_url, 1)

        assert rows(servers.database_url) == [1]
    assert not unfinished.exists()


def test_data_of_another_postgresql_version_is_refused_with_the_way_out(data_dir: Path) -> None:
    with Servers(data_dir):
        pass
    (data_dir / "postgres/data/PG_VERSION").write_text("9\n")

    with pytest.raises(StackError, match=r"made by PostgreSQL 9.*\n.*frontrow reset"), Servers(data_dir):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused: run as root to see this")
def test_as_root_postgresql_runs_as_somebody_else(servers: Servers) -> None:
    pid = servers.kill("postgres")
    servers.wait_until_ready("postgres")

    new_pid = servers.pid("postgres")

    assert new_pid is not None
    assert new_pid != pid
    owner = Path(f"/proc/{new_pid}").stat().st_uid
    assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused: run as root to see this")
def test_as_root_a_folder_that_others_cannot_reach_is_refused_with_the_way_out(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o700)
    server = Postgres(data_dir / "deep/postgres", port=free_port(), password="p", log=data_dir / "log")

    with pytest.raises(StackError, match="cannot reach"):
        server.prepare()


def test_a_second_copy_on_the_same_data_is_refused(data_dir: Path) -> None:
    with (
        Servers(data_dir),
        pytest.raises(StackError, match=r"is in use.*\n.*--data OTHER_FOLDER"),
        Servers(data_dir),
    ):
        pass


def test_files_with_secrets_are_ours_alone(data_dir: Path) -> None:
    with Servers(data_dir):
        DataFolder(data_dir).secret("jwt_secret")

        secrets = [*(data_dir / "secrets").iterdir(), data_dir / "redis/redis.conf"]

        assert {oct(path.stat().st_mode & 0o777) for path in secrets} == {"0o600"}
        assert not (data_dir / "postgres/initdb.password").exists()
        assert all((data_dir / name).stat().st_mode & 0o077 == 0 for name in ("logs", "secrets", "redis"))
        assert data_dir.stat().st_mode & 0o066 == 0


def test_a_free_port_is_free_and_below_those_of_outgoing_connections() -> None:
    given = [free_port() for _ in range(20)]

    assert len(set(given)) == 20
    assert max(given) < 32768
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", given[0]))

"""The one-shot that makes the stack's secrets."""

import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deploy.make_secrets import BadSecret, make_secrets


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The mount points, empty as on a first start."""
    for name in ("app", "postgres", "redis"):
        (tmp_path / name).mkdir()
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}


def test_a_first_start_makes_secrets_that_nobody_had_to_choose(root: Path) -> None:
    make_secrets(root, {})

    made = contents(root)
    assert len(made["app/jwt_secret"]) >= 32
    assert urlsplit(made["app/database_url"]).password == made["postgres/password"]
    assert urlsplit(made["app/redis_url"]).password == made["redis/password"]
    assert made["redis/redis.conf"] == f"requirepass {made['redis/password']}\n"
    assert len({made["app/jwt_secret"], made["postgres/password"], made["redis/password"]}) == 3


def test_two_stacks_share_no_secret(root: Path, tmp_path: Path) -> None:
    make_secrets(root, {})
    first = contents(root)
    for path in root.rglob("*"):
        if path.is_file():
            path.unlink()

    make_secrets(root, {})

    assert not set(first.values()) & set(contents(root).values())


def test_a_later_start_keeps_them(root: Path) -> None:
    make_secrets(root, {})
    before = contents(root)

    make_secrets(root, {})

    assert contents(root) == before


def test_a_given_value_wins_and_is_kept_when_it_is_no_longer_given(root: Path) -> None:
    make_secrets(root, {})
    make_secrets(root, {"POSTGRES_PASSWORD": "p@ss/w:rd", "JWT_SECRET": "j" * 32})
    make_secrets(root, {"POSTGRES_PASSWORD": "", "JWT_SECRET": ""})

    made = contents(root)
    assert made["postgres/password"] == "p@ss/w:rd"
    assert unquote(urlsplit(made["app/database_url"]).password or "") == "p@ss/w:rd"
    assert made["app/jwt_secret"] == "j" * 32


def test_another_database_or_redis_can_be_named(root: Path) -> None:
    elsewhere = {"DATABASE_URL": "postgresql://u:p@db.example/x", "REDIS_URL": "redis://r.example/0"}

    make_secrets(root, elsewhere)

    assert contents(root)["app/database_url"] == elsewhere["DATABASE_URL"]
    assert contents(root)["app/redis_url"] == elsewhere["REDIS_URL"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("JWT_SECRET", "j" * 31), ("REDIS_PASSWORD", "two words"), ("REDIS_PASSWORD", "a\nrename-command")],
)
def test_a_value_that_cannot_work_is_refused_by_name(root: Path, name: str, value: str) -> None:
    with pytest.raises(BadSecret, match=name) as refused:
        make_secrets(root, {name: value})

    assert value not in str(refused.value)
    assert contents(root) == {}


def test_only_their_readers_can_read_them(root: Path) -> None:
    make_secrets(root, {})

    modes = {
        str(path.relative_to(root)): stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_file()
    }
    assert {mode for name, mode in modes.items() if name.startswith("app/")} == {0o400}
    # Read by the user of another image: the volume that only its container mounts is the fence.
    assert {mode for name, mode in modes.items() if not name.startswith("app/")} == {0o444}

"""Make the stack's secrets on its first start: random, one folder per reader, kept until the volumes are deleted.

Compose runs this before anything else. A value given in the environment (from `.env`) wins over a kept one, which wins
over a new one, so no default secret exists anywhere and nobody has to invent one to try the stack.
"""

import argparse
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

MIN_JWT_SECRET_BYTES = 32
READABLE_BY_OWNER = 0o400
# Read by another image's user. Only the container that mounts the folder can see it.
READABLE_BY_THE_CONTAINER = 0o444


class BadSecret(ValueError):
    """A given value cannot be used; the message names the variable, never the value."""


def make_secrets(root: Path, environment: Mapping[str, str]) -> None:
    """Fill the folders `app`, `postgres` and `redis` below `root`. Raises `BadSecret`.

    Run again with the same environment it changes nothing.
    """
    postgres_password = _settle(root / "postgres" / "password", environment.get("POSTGRES_PASSWORD"))
    redis_password = _settle(root / "redis" / "password", environment.get("REDIS_PASSWORD"))
    jwt_secret = _settle(root / "app" / "jwt_secret", environment.get("JWT_SECRET"))
    if len(jwt_secret.encode()) < MIN_JWT_SECRET_BYTES:
        raise BadSecret(f"JWT_SECRET must be at least {MIN_JWT_SECRET_BYTES} bytes long")
    if not redis_password.isprintable() or set(redis_password) & set(" \"'\\"):
        raise BadSecret("REDIS_PASSWORD must not contain spaces, quotes, backslashes or control characters")

    database_url = f"postgresql://frontrow:{quote(postgres_password, safe='')}@postgres:5432/frontrow"
    redis_url = f"redis://:{quote(redis_password, safe='')}@redis:6379/0"
    _write(root / "postgres" / "password", postgres_password, READABLE_BY_THE_CONTAINER)
    _write(root / "redis" / "password", redis_password, READABLE_BY_THE_CONTAINER)
    _write(root / "redis" / "redis.conf", f"requirepass {redis_password}\n", READABLE_BY_THE_CONTAINER)
    _write(root / "app" / "jwt_secret", jwt_secret, READABLE_BY_OWNER)
    _write(root / "app" / "database_url", environment.get("DATABASE_URL") or database_url, READABLE_BY_OWNER)
    _write(root / "app" / "redis_url", environment.get("REDIS_URL") or redis_url, READABLE_BY_OWNER)


def _settle(kept: Path, given: str | None) -> str:
    if given:
        return given
    if kept.exists():
        return kept.read_text()
    return secrets.token_urlsafe(32)


def _write(path: Path, content: str, mode: int) -> None:
    """Replace the file in one step: a reader finds the old or the new value, never half of one."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
    temporary.replace(path)


def main() -> int:
    """Parse the command line and make the secrets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="holds the folders app, postgres and redis")
    try:
        make_secrets(parser.parse_args().folder, os.environ)
    except BadSecret as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

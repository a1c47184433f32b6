"""`python -m auth_service.create_admin EMAIL`: make an administrator. The password comes from standard input.

Somebody who has an account becomes an administrator; an empty standard input then keeps their password, and another
password signs them out everywhere. Reads the settings of the auth service from the environment.
"""

import argparse
import asyncio
import getpass
import sys

from auth_service.accounts.repository import UnitOfWork, unit_of_work
from auth_service.accounts.rules import normalised_email, password_fault
from auth_service.passwords import Passwords
from auth_service.settings import AuthSettings
from shared.engine import create_engine


class Refused(Exception):
    """There is no making this one an administrator; the message says why."""


async def create_admin(accounts: UnitOfWork, passwords: Passwords, *, email: str, password: str) -> str:
    """Make `email` an administrator; returns what was done, as a line for a person. Raises `Refused`."""
    normalised = normalised_email(email)
    if normalised is None:
        raise Refused(f"{email!r} is not an email address")
    fault = password_fault(password) if password else None
    if fault is not None:
        raise Refused(f"the password {fault}")
    password_hash = await passwords.hash(password) if password else None

    async with accounts() as repository:
        if password_hash is not None and await repository.add_user(
            email=normalised, password_hash=password_hash, role="admin"
        ):
            return f"{normalised} is a new administrator."
        user = await repository.find_by_email(normalised)
        if user is None:
            raise Refused(f"{normalised} has no account yet: give a password on standard input")
        await repository.make_admin(user, password_hash=password_hash)
    return f"{normalised} is an administrator now" + (" and has a new password." if password else ".")


async def _run(email: str, password: str) -> str:
    settings = AuthSettings()
    engine = create_engine(settings, application_name="frontrow-create-admin")
    passwords = Passwords(cost=settings.bcrypt_cost, queue=1)
    try:
        return await create_admin(unit_of_work(engine), passwords, email=email, password=password)
    finally:
        passwords.close()
        await engine.dispose()


def main() -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m auth_service.create_admin",
        description="Make an administrator, or make somebody who has an account one.",
        epilog="example: echo 'seven green kettles' | python -m auth_service.create_admin ann@example.com",
    )
    parser.add_argument("email")
    email: str = parser.parse_args().email
    try:
        print(asyncio.run(_run(email, _password())))
    except Refused as refusal:
        print(f"create_admin: {refusal}", file=sys.stderr)
        return 1
    return 0


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password (empty keeps that of an account): ")
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused("the password is not valid UTF-8") from None


if __name__ == "__main__":
    sys.exit(main())

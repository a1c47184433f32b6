"""What can go wrong with an account. Nothing here tells whether somebody has one, but for `EmailTaken`."""

from shared.chassis.problems import Conflict, Unauthorized


class EmailTaken(Conflict):
    """There is an account with this email."""

    slug, title = "email-taken", "There is an account with this email already"


class WrongCredentials(Unauthorized):
    """No such account, or another password: the answer, and its time, do not tell which."""

    slug, title = "wrong-credentials", "The email or the password is wrong"


class RefreshRefused(Unauthorized):
    """The refresh token is unknown, used, too old, or its session has ended."""

    slug, title = "refresh-refused", "This sign-in has ended; sign in again"

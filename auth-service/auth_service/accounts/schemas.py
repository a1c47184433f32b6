"""What goes in and out of the account routes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from auth_service.accounts.rules import is_too_long, normalised_email, password_fault
from auth_service.passwords import MAX_PASSWORD_BYTES
from shared.chassis.fields import EntityId, Input, Instant, Output, Text

MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 100
MAX_REFRESH_TOKEN_CHARACTERS = 128


def _email(text: str) -> str:
    email = normalised_email(text)
    if email is None:
        raise PydanticCustomError("email", "must be an email address")
    return email


def _new_password(password: str) -> str:
    fault = password_fault(password)
    if fault is not None:
        raise PydanticCustomError("password", "{fault}", {"fault": fault})
    return password


def _password(password: str) -> str:
    if is_too_long(password):
        raise PydanticCustomError("password", "is longer than any password here")
    return password


NewEmail = Annotated[
    Text,
    Field(max_length=MAX_EMAIL_CHARACTERS, examples=["ann@example.com"], description="Case does not matter."),
    AfterValidator(_email),
]
NewPassword = Annotated[
    Text,
    AfterValidator(_new_password),
    Field(
        examples=["seven green kettles"],
        description=f"8 characters to {MAX_PASSWORD_BYTES} bytes in UTF-8, any script; not one of the 3,000 most used.",
    ),
]
Name = Annotated[Text, Field(max_length=MAX_NAME_CHARACTERS, examples=["Ann"]), AfterValidator(str.strip)]
# No rules of shape when signing in: what cannot be anybody's is answered like what is not anybody's.
GivenEmail = Annotated[Text, Field(min_length=1, max_length=MAX_EMAIL_CHARACTERS, examples=["ann@example.com"])]
GivenPassword = Annotated[Text, Field(min_length=1, examples=["seven green kettles"]), AfterValidator(_password)]


class Registration(Input):
    """A new account."""

    email: NewEmail
    password: NewPassword
    name: Name = ""


class Login(Input):
    """Signing in."""

    email: GivenEmail
    password: GivenPassword


class LoginForm(BaseModel):
    """Signing in, as OAuth 2 asks for it (RFC 6749 §4.3.2): a form, and the email under the name `username`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    username: GivenEmail
    password: GivenPassword
    grant_type: Literal["password"] = "password"
    scope: Annotated[Text, Field(max_length=200, description="Ignored: there are no scopes.")] = ""
    client_id: Annotated[Text, Field(max_length=200, description="Ignored: there are no clients.")] = ""
    client_secret: Annotated[Text, Field(max_length=200, description="Ignored: there are no clients.")] = ""


class Refresh(Input):
    """Asking for new tokens."""

    refresh_token: Annotated[
        Text,
        Field(
            min_length=1,
            max_length=MAX_REFRESH_TOKEN_CHARACTERS,
            examples=["KdX2pLw0q5mYH8s1r9vTzBf4GnJc7aUeRiOoE6tW3xk"],
        ),
    ]


class Account(Output):
    """An account, as its owner sees it."""

    id: EntityId
    email: Annotated[str, Field(examples=["ann@example.com"])]
    name: Annotated[str, Field(examples=["Ann"])]
    role: Annotated[Literal["user", "admin"], Field(examples=["user"])]
    created_at: Instant


class TokenAnswer(Output):
    """What to send along from now on."""

    access_token: Annotated[
        str, Field(examples=["eyJhbGciOi…"], description="For `Authorization: Bearer …`, in all services.")
    ]
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a kind, not a secret
    expires_in: Annotated[int, Field(examples=[1800], description="Of the access token, in seconds.")]
    refresh_token: Annotated[
        str,
        Field(
            examples=["KdX2pLw0q5mYH8s1r9vTzBf4GnJc7aUeRiOoE6tW3xk"],
            description="Good for one `POST /refresh`, which gives the next.",
        ),
    ]

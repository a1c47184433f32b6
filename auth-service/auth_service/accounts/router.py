"""The account routes."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Form, Request, Response

from auth_service.accounts.errors import EmailTaken, RefreshRefused, WrongCredentials
from auth_service.accounts.schemas import Account, Login, LoginForm, Refresh, Registration, TokenAnswer
from auth_service.accounts.service import AccountService
from auth_service.passwords import PasswordsBusy
from auth_service.tokens import Grant
from shared.chassis.identity import CurrentUser
from shared.chassis.problems import Unauthorized, Unavailable, problem_responses
from shared.models import User


def _account_service(request: Request) -> AccountService:
    return cast(AccountService, request.state.accounts)


AccountServiceDep = Annotated[AccountService, Depends(_account_service)]


def _no_store(response: Response) -> None:
    """Tokens and accounts belong in no cache (RFC 6749 §5.1)."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(tags=["accounts"], dependencies=[Depends(_no_store)])


@router.post(
    "/register",
    status_code=201,
    summary="Make an account",
    response_description="The new account.",
    responses=problem_responses(EmailTaken, PasswordsBusy, Unavailable),
)
async def register(body: Registration, accounts: AccountServiceDep) -> Account:
    """The email is trimmed and put in lower case; there is one account per email.

    A new account always has the role `user`. It is not signed in yet: `POST /login` does that.
    """
    return _account(await accounts.register(email=body.email, password=body.password, name=body.name))


@router.post(
    "/login",
    summary="Sign in",
    response_description="The tokens of a new session.",
    responses=problem_responses(WrongCredentials, PasswordsBusy, Unavailable),
)
async def log_in(body: Login, accounts: AccountServiceDep) -> TokenAnswer:
    """Starts a session. The answer to a wrong password, or to an email without an account, is one and the same."""
    return _answer(await accounts.sign_in(email=body.email, password=body.password))


@router.post(
    "/token",
    summary="Sign in with a form (OAuth 2)",
    response_description="The tokens of a new session.",
    responses=problem_responses(WrongCredentials, PasswordsBusy, Unavailable),
)
async def log_in_with_form(form: Annotated[LoginForm, Form()], accounts: AccountServiceDep) -> TokenAnswer:
    """Like `POST /login`, as a form with the email under the name `username`: for the Authorize button, and for OAuth 2
    libraries.
    """
    return _answer(await accounts.sign_in(email=form.username, password=form.password))


@router.post(
    "/refresh",
    summary="Stay signed in",
    response_description="New tokens of the same session.",
    responses=problem_responses(RefreshRefused),
)
async def refresh(body: Refresh, accounts: AccountServiceDep) -> TokenAnswer:
    """Exchanges a refresh token for a new access token and the next refresh token. Keep the new one.

    When the answer is lost, repeat the request within half a minute: it gives the same refresh token again. A refresh
    token that turns up later than that, or after the next one was used, is in two hands: **the session ends**.
    """
    return _answer(await accounts.refresh(body.refresh_token))


@router.post(
    "/logout",
    status_code=204,
    summary="Sign out",
    response_description="Signed out.",
    responses=problem_responses(Unauthorized),
)
async def log_out(user: CurrentUser, accounts: AccountServiceDep) -> None:
    """Ends this session, in all services at once: its access tokens and its refresh tokens. Other sessions go on."""
    await accounts.sign_out(user)


@router.get(
    "/me",
    summary="Who am I?",
    response_description="The caller's account.",
    responses=problem_responses(Unauthorized),
)
async def me(user: CurrentUser, accounts: AccountServiceDep) -> Account:
    """The account behind the access token, as it is now."""
    return _account(await accounts.account(user))


def _account(user: User) -> Account:
    return Account.model_validate(user, from_attributes=True)


def _answer(grant: Grant) -> TokenAnswer:
    return TokenAnswer(access_token=grant.access_token, refresh_token=grant.refresh_token, expires_in=grant.expires_in)

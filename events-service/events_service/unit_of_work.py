"""One request, one transaction: it commits before the answer is sent, and announces after it has committed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Announcement = Callable[[], Awaitable[None]]
_ANNOUNCEMENTS = "announcements"


def announce(session: AsyncSession, announcement: Announcement) -> None:
    """Run `announcement` once `session` has committed, and never when it has not. It must not raise: what it tells of
    has happened, so the answer is a success either way.
    """
    session.info.setdefault(_ANNOUNCEMENTS, []).append(announcement)


async def get_session(request: Request) -> AsyncIterator[AsyncSession]:
    """The request's session. Nothing connects before its first statement."""
    sessions: async_sessionmaker[AsyncSession] = request.state.sessions
    async with sessions() as session:
        async with session.begin():
            yield session
        announcements: list[Announcement] = session.info.pop(_ANNOUNCEMENTS, [])
        for announcement in announcements:
            await announcement()


# Without scope="function" the commit would come after the answer, and its failure after a "201".
SessionDep = Annotated[AsyncSession, Depends(get_session, scope="function")]

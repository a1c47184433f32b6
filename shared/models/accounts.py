"""Users, and the sessions they sign in to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, CreatedAt, GeneratedId


class User(Base):
    """Somebody who can sign in. `role` is `user` or `admin`; registering always makes a `user`."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('user', 'admin')", name="role"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    id: Mapped[GeneratedId]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    role: Mapped[str] = mapped_column(server_default="user")
    token_epoch: Mapped[int] = mapped_column(server_default="0")
    """Raised to end every session of this user at once; tokens carry the epoch they were made in."""
    created_at: Mapped[CreatedAt]


class Session(Base):
    """One sign-in, from its log-in to its log-out. Access tokens name it (`sid`), so that logging out ends them too."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One link in a session's chain of refresh tokens, hashed. Using one twice ends the session (RFC 9700 §4.14.2)."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

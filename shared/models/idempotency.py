"""What was answered to a key, kept in the same transaction as what it did."""

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, CreatedAt


class IdempotencyKey(Base):
    """A user's `Idempotency-Key` and its answer. `fingerprint` tells its request from another one's."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_created_at_idx", "created_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    """HTTP status of the answer; empty only while the first request is under way."""
    body: Mapped[str | None]
    replays: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[CreatedAt]

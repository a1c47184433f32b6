"""Who did what, as an administrator."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.models.base import Base, CreatedAt, GeneratedId


class AuditEntry(Base):
    """One act of an administrator. `detail` keeps what the act removed; ids only, no personal data."""

    __tablename__ = "audit_log"

    id: Mapped[GeneratedId]
    at: Mapped[CreatedAt]
    actor_id: Mapped[int | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    request_id: Mapped[str] = mapped_column(server_default="")

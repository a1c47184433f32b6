"""Tidying up: ended holds become available seats, old idempotency keys and orphaned gates go.

Nothing is wrong without it: an ended hold may be taken over by anybody at once.
"""

from booking_service.expiry.schedule import ExpirySchedule
from booking_service.expiry.worker import ExpiryLimits, running_worker

__all__ = ["ExpiryLimits", "ExpirySchedule", "running_worker"]

"""`ws://…/ws/events/{event_id}`: the live map of one event."""

from fastapi import APIRouter

router = APIRouter(tags=["live"])

"""The live map: every viewer of an event sees every change of its seats, on any number of instances.

What a service needs of it: `router`, and `open_hub` in its lifespan, whose hub it yields as state `hub`.
"""

from booking_service.live.hub import Hub, open_hub
from booking_service.live.limits import LiveLimits
from booking_service.live.router import router

__all__ = ["Hub", "LiveLimits", "open_hub", "router"]

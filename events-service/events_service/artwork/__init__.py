"""Pictures of events: found once when an event is created (strategy by event type), or drawn."""

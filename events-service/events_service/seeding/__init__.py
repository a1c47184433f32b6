"""Sample data: `python -m events_service.seeding`."""

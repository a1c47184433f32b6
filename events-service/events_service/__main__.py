"""`python -m events_service [--host HOST] [--port PORT]`: serve."""

from shared.chassis.server import serve

if __name__ == "__main__":
    serve("events_service.main:create_app", description="The events service of Frontrow.", default_port=8001)

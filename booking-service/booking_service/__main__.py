"""`python -m booking_service [--host 127.0.0.1] [--port 8002]`: serve until told to stop."""

from shared.chassis.server import serve

if __name__ == "__main__":
    serve("booking_service.main:create_app", description=__doc__, default_port=8002)

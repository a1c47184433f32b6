"""`python -m auth_service [--host 127.0.0.1] [--port 8000]`."""

from shared.chassis.server import serve

if __name__ == "__main__":
    serve("auth_service.main:create_app", description="Frontrow's auth service.", default_port=8000)

"""The environment variables with which our services run on this machine."""

from devstack.paths import python_environment
from devstack.state import DataFolder


def service_settings(
    folder: DataFolder, *, database_url: str, redis_url: str, environment: str = "development"
) -> dict[str, str]:
    """Our own environment with what every service needs on top."""
    return python_environment() | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "JWT_SECRET": folder.secret("jwt_secret"),
        "ENVIRONMENT": environment,
        # A quarter of the work of production's 12: this machine also runs everything else.
        "BCRYPT_COST": "10",
    }

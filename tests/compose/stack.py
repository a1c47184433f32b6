"""The project under Docker Compose, as a test sees it: commands into it, addresses out of it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from devstack.ports import free_port
from tests.compose.lab.shell import CommandFailed, run

ROOT = Path(__file__).parents[2]
# What a developer's shell may hold for other purposes must not reach the stack, and neither must a .env file.
NOT_OURS = (
    *("DATABASE_URL", "REDIS_URL", "JWT_SECRET", "POSTGRES_PASSWORD", "REDIS_PASSWORD"),
    *("ENVIRONMENT", "ALLOWED_ORIGINS", "HTTP_BIND", "COMPOSE_FILE", "COMPOSE_PROFILES"),
)


class Stack:
    """One Compose project with a name and ports of its own, so that it meets no other."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """`environment` is one in which `docker compose` works."""
        self.project = f"frontrow-test-{os.getpid()}"
        self.http_port, self.auth_port, self.events_port, self.booking_port = (free_port() for _ in range(4))
        kept = {name: value for name, value in environment.items() if name not in NOT_OURS}
        self.environment = kept | {
            "COMPOSE_PROJECT_NAME": self.project,
            "COMPOSE_ENV_FILES": os.devnull,
            "FRONTROW_IMAGE": f"{self.project}:local",
            # The least that production allows: a race signs many people up.
            "BCRYPT_COST": "10",
            "HTTP_PORT": str(self.http_port),
            "AUTH_PORT": str(self.auth_port),
            "EVENTS_PORT": str(self.events_port),
            "BOOKING_PORT": str(self.booking_port),
        }

    @property
    def url(self) -> str:
        """The one origin: pages, /api and /ws."""
        return f"http://127.0.0.1:{self.http_port}"

    def compose(self, *arguments: str, timeout_s: float = 300) -> str:
        """Standard output of `docker compose ARGUMENTS`. Raises `CommandFailed`."""
        return run(["docker", "compose", *arguments], environment=self.environment, folder=ROOT, timeout_s=timeout_s)

    def up(self, *arguments: str) -> None:
        """Start what is not running and wait until all is healthy. Raises `CommandFailed` with the logs."""
        try:
            self.compose("up", "-d", "--wait", "--wait-timeout", "180", *arguments, timeout_s=600)
        except CommandFailed as failure:
            raise CommandFailed(f"{failure}\n{self.compose('logs', '--tail', '40')}") from None

    def remove(self) -> None:
        """Containers, volumes, networks and the image: nothing of this project stays."""
        self.compose("down", "--volumes", "--timeout", "5")
        run(["docker", "image", "rm", "--force", self.environment["FRONTROW_IMAGE"]], environment=self.environment)

    def run_script(self, *command: str | Path) -> str:
        """Standard output of a program of the checkout, run as a user would who has set the same variables."""
        return run(command, environment=self.environment, folder=ROOT)

    def sql(self, query: str) -> str:
        """The answer of the stack's database, unaligned, without headings."""
        psql = ("psql", "-v", "ON_ERROR_STOP=1", "-U", "frontrow", "-d", "frontrow", "-Atc", query)
        return self.compose("exec", "-T", "postgres", *psql).strip()

    def inside(self, service: str, script: str) -> str:
        """Standard output of a shell script inside a running container of `service`."""
        return self.compose("exec", "-T", service, "sh", "-c", script).strip()

    def containers(self, service: str) -> list[dict[str, Any]]:
        """What the engine knows of the service's containers."""
        identities = self.compose("ps", "--all", "--quiet", service).split()
        inspected = run(["docker", "inspect", *identities], environment=self.environment)
        found: list[dict[str, Any]] = json.loads(inspected)
        return found

    def instances_that_answered(self, path: str) -> set[str]:
        """The addresses to which nginx passed requests for `path` on, from its log."""
        lines = self.compose("logs", "--no-log-prefix", "--no-color", "frontend").splitlines()
        requests = [json.loads(line) for line in lines if line.startswith("{")]
        return {request["instance"] for request in requests if request["path"].startswith(path)}

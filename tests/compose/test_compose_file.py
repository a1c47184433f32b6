"""docker-compose.yml and Dockerfile, read without an engine: what nobody may take out by accident."""

import re
from typing import Any

import pytest
import yaml

from tests.compose.stack import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"secrets", "migrate"}
APPLICATIONS = {"auth-service": 8000, "events-service": 8001, "booking-service": 8002}
LONG_RUNNING = sorted(set(SERVICES) - ONE_SHOTS)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_container_is_locked_down(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] <= 300
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_every_server_is_watched_and_restarted(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(ONE_SHOTS))
def test_one_shots_are_not_restarted(name: str) -> None:
    assert SERVICES[name]["restart"] == "no"


def test_each_container_starts_when_what_it_needs_is_ready() -> None:
    def needs(name: str) -> dict[str, str]:
        return {other: how["condition"] for other, how in SERVICES[name].get("depends_on", {}).items()}

    done, healthy = "service_completed_successfully", "service_healthy"

    assert needs("secrets") == {}
    assert needs("postgres") == needs("redis") == {"secrets": done}
    assert needs("migrate") == {"postgres": healthy}
    for name in APPLICATIONS:
        assert needs(name) == {"migrate": done, "postgres": healthy, "redis": healthy}
    assert needs("frontend") == dict.fromkeys(APPLICATIONS, healthy)


def test_only_nginx_publishes_ports_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"frontend"}
    assert all(port.startswith(("127.0.0.1:", "${HTTP_BIND:-127.0.0.1}:")) for port in published["frontend"])


def test_nginx_cannot_reach_the_databases_nor_the_databases_the_world() -> None:
    assert COMPOSE["networks"]["data"]["internal"] is True
    assert SERVICES["frontend"]["networks"] == ["web"]
    for name in ("postgres", "redis", "migrate"):
        assert SERVICES[name]["networks"] == ["data"]
    assert SERVICES["secrets"]["network_mode"] == "none"


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_service_runs_from_the_one_image_with_shared_mounted(name: str) -> None:
    service = SERVICES[name]
    package = name.replace("-", "_")

    assert service["image"] == SERVICES["secrets"]["image"]
    assert "./shared:/app/shared:ro" in service["volumes"]
    assert service["command"] == ["python", "-m", package, "--host", "0.0.0.0", "--port", str(APPLICATIONS[name])]  # noqa: S104 - read, not bound
    assert "container_name" not in service, "a fixed name would forbid a second instance"
    assert "ports" not in service, "a fixed port would forbid a second instance"


def test_nothing_is_mounted_writable_but_the_data_and_the_secrets_being_made() -> None:
    writable = {
        (name, volume)
        for name, service in SERVICES.items()
        for volume in service.get("volumes", [])
        if not volume.endswith(":ro")
    }

    assert {name for name, _ in writable} == {"postgres", "secrets"}


def test_no_secret_has_a_default() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD$|SECRET$|KEY$|(DATABASE|REDIS)_URL$", variable):
                assert value is None, f"{name}: {variable}"


def test_images_are_named_not_pinned_and_can_be_replaced() -> None:
    for service in SERVICES.values():
        assert re.fullmatch(r"\$\{[A-Z]+_IMAGE:-[a-z]+:[a-z0-9.-]+\}", service["image"])


def test_the_image_installs_by_hash_and_runs_as_a_numeric_user() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert [line for line in lines if line.startswith("FROM")] == ["FROM python:3.11-slim"]
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert any("--require-hashes -r requirements.txt" in line for line in lines)
    assert not any(re.match(r"#\s*syntax=", line) for line in lines), "it would fetch a builder from a registry"


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_compiled_requirements_name_no_address(name: str) -> None:
    text = (ROOT / name).read_text()

    assert "://" not in text
    assert "--hash=sha256:" in text
    assert "index-url" not in text

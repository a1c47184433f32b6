"""Ports: which ones a copy uses, and who has a taken one."""

import os
import socket

import pytest

from devstack.errors import StackError
from devstack.ports import ServicePorts, free_port, is_free, require_free


def test_the_usual_ports_are_those_of_the_contract() -> None:
    ports = ServicePorts.from_base(8000, 3)

    assert (ports.auth, ports.events, ports.booking, ports.edge) == (8000, 8001, (8002, 8012, 8022), 8080)


@pytest.mark.parametrize("instances", [1, 3, 30])
def test_no_two_parts_get_the_same_port(instances: int) -> None:
    ports = ServicePorts.from_base(9000, instances).all()

    assert len(set(ports)) == len(ports) == instances + 3


@pytest.mark.parametrize("base", [0, -1, 65500, 70000])
def test_a_base_that_leads_outside_of_the_ports_is_refused(base: int) -> None:
    with pytest.raises(StackError, match="port base"):
        ServicePorts.from_base(base, 1)


def test_a_taken_port_is_named_with_the_process_that_has_it() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
        with pytest.raises(StackError) as refused:
            require_free([port], advice="Choose others.")

    assert f"port {port} is taken by process {os.getpid()}: " in str(refused.value)
    assert str(refused.value).endswith("Choose others.")
    assert is_free(port)

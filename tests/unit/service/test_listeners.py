"""The listeners and their addresses."""

import socket

import pytest

from sentinel import service
from sentinel.errors import PortTaken


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_taken_port_is_said_in_a_sentence(settings, ports, which):
    """Whichever listener it is, the service does not half start."""
    with socket.create_server(("127.0.0.1", ports[which])), pytest.raises(PortTaken) as taken:
        service.run(settings, lambda running: running.stop())

    assert str(ports[which]) in str(taken.value)

"""The desk is whole: one object that keeps every promise of both ports."""

import inspect

import pytest

from sentinel.desk import SocDesk
from sentinel.ports import Desk, Suppressing


@pytest.mark.parametrize("port", [Desk, Suppressing])
def test_every_promise_of_the_port_is_kept(port):
    """Each method is there, with the parameters that the port names, in its order."""
    promised = {
        name: list(inspect.signature(method).parameters)
        for name, method in inspect.getmembers(port, inspect.isfunction)
        if not name.startswith("_")
    }

    assert promised == {
        name: list(inspect.signature(getattr(SocDesk, name)).parameters) for name in promised
    }


def test_no_part_of_the_desk_hides_a_method_of_another():
    """Two parts that call different things by one name would be a silent mistake."""
    parts = SocDesk.__mro__[1:-2]
    names = [name for part in parts for name in vars(part) if not name.startswith("__")]

    assert len(parts) == 5
    assert sorted(set(names)) == sorted(names)

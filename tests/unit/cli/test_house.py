"""The rest of the house is fetched when it is needed."""

import subprocess
import sys

import pytest

from sentinel import wiring
from sentinel.cli import house


def test_it_is_the_module_itself():
    """What a test or another module changes there is seen here."""
    assert house.wiring is wiring


def test_everything_that_is_promised_is_there():
    """Each name leads to a module."""
    for name in house.__all__:
        assert getattr(house, name).__name__.endswith(name)


def test_other_names_are_not_there():
    """As with any module."""
    with pytest.raises(AttributeError, match="has no 'cellar'"):
        _ = house.cellar


def test_help_does_not_wait_for_the_stores():
    """Importing the commands imports neither wiring, nor rules, nor the web's framework."""
    heavy = ["sentinel.wiring", "sentinel.batch", "sigma", "duckdb", "sqlalchemy", "fastapi"]
    code = f"import sys, sentinel.cli.main; print([m for m in {heavy} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"

"""The installed package carries what the checkout has. Run against the wheel, away from it."""

import subprocess
import sys
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

from sentinel.resources import shipped


def test_shipped_rules_and_config_are_found():
    """`rules/` and `config/` travel inside the wheel."""
    assert any(shipped("rules").iterdir())
    assert shipped("config").joinpath("sentinel.yml").is_file()
    assert shipped("config").joinpath("policy", "vn", "policy.yml").is_file()


def test_the_demo_s_data_are_found():
    """`sentinel demo` needs nothing of a checkout."""
    names = {file.name for file in shipped("config").joinpath("demo").iterdir()}

    assert {"sentinel.yml", "agencies.yml", "incident.yml"} <= names


def test_every_collector_entry_point_loads():
    """A plug-in that is named is there."""
    names = set()
    for entry in entry_points(group="sentinel.collectors"):
        names.add(entry.name)

        assert entry.load().__module__.startswith("collectors.")

    assert {"files", "stdin", "syslog"} <= names


def test_nobody_else_ships_a_package_called_collectors():
    """Two distributions with that name would overwrite each other's files."""
    owners = packages_distributions().get("collectors", ["sentinel-watch"])

    assert set(owners) == {"sentinel-watch"}


def _sentinel(*arguments: str) -> subprocess.CompletedProcess:
    command = Path(sys.executable).with_name("sentinel")
    return subprocess.run(
        [command, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command_checks_its_shipped_settings():
    """`sentinel config check` finds the shipped defaults and nothing wrong with them."""
    done = _sentinel("config", "check")

    assert (done.returncode, done.stderr) == (0, "")


def test_the_shipped_rules_pass_their_own_examples():
    """`sentinel rules test` runs from the wheel: rules, catalogues and engine are all there."""
    done = _sentinel("rules", "test")

    assert done.returncode == 0, done.stdout + done.stderr

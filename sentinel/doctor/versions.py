"""Is the ground we stand on the one we were built for: Python, and every package we need?"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from sentinel.doctor.patient import Patient
from sentinel.doctor.say import fail, listed, ok, say
from sentinel.model.checkup import Check

PACKAGE = "sentinel-watch"

_NEED = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;]*)(;.*)?")
_BOUND = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9][0-9A-Za-z.]*)")
_HOLDS = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    ">": lambda one, other: one > other,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A package that must be there. `bounds` as our own metadata writes them: ">=4,<5"."""

    package: str
    bounds: str


def examine_versions(_patient: Patient) -> Iterator[Check]:
    """Python, then the packages."""
    yield python(sys.version_info[:3], metadata(PACKAGE)["Requires-Python"])
    needs = list(read_needs(requires(PACKAGE) or ()))
    yield packages(needs, {need.package: _installed(need.package) for need in needs})


def python(found: Sequence[int], bounds: str) -> Check:
    """Whether this Python is one that the tests ran with."""
    name, shown = "versions.python", ".".join(str(part) for part in found)
    if satisfies(shown, bounds):
        return ok(
            name,
            say("Python {version} is supported ({bounds}).", version=shown, bounds=bounds),
            say("The tests run with it."),
        )
    return fail(
        name,
        say("Python {version} is not supported ({bounds}).", version=shown, bounds=bounds),
        say("Nobody has tried this program with it."),
        say("Make the virtual environment anew with a supported Python."),
    )


def packages(needs: Sequence[Need], installed: Mapping[str, str | None]) -> Check:
    """Whether each package is there in a version we were tried with."""
    name = "versions.packages"
    wrong = [
        f"{need.package} {installed[need.package] or '-'} ({need.bounds})"
        for need in needs
        if not satisfies(installed[need.package] or "", need.bounds)
    ]
    if wrong:
        return fail(
            name,
            say(
                "Packages that are missing (-) or outside of the versions we need: {packages}",
                packages=listed(wrong),
            ),
            say("What works with other versions is luck."),
            say(
                "Install Sentinel again into its virtual environment, from where it was installed"
                " before; `pip check` then says nothing more."
            ),
        )
    return ok(
        name,
        say("Packages: {count}, each in a version that was tried.", count=len(needs)),
        say("The bounds are those of our own package."),
    )


def read_needs(lines: Sequence[str]) -> Iterator[Need]:
    """What our metadata asks for; what belongs to an extra is nobody's need."""
    for line in lines:
        found = _NEED.fullmatch(line)
        if found is not None and found[3] is None:
            yield Need(package=found[1], bounds=found[2].strip())


def satisfies(found: str, bounds: str) -> bool:
    """Whether a version lies within bounds like ">=3.11,<4"; "" never does."""
    if not found:
        return False
    return all(
        _HOLDS[sign](*_even(_numbers(found), _numbers(limit)))
        for sign, limit in _BOUND.findall(bounds)
    )


def _numbers(text: str) -> tuple[int, ...]:
    """The release part of a version (PEP 440): "2.1rc1" gives (2, 1)."""
    found = re.match(r"[0-9]+(\.[0-9]+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _even(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both of one length: 4 and 4.0 are the same version."""
    length = max(len(one), len(other))
    return one + (0,) * (length - len(one)), other + (0,) * (length - len(other))


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None

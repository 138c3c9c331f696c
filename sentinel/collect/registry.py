"""Which collectors there are: found by entry point, so that a plug-in needs no change here."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

from sentinel.collect.contract import Collector, CollectorOptions
from sentinel.errors import Fault

GROUP = "sentinel.collectors"

# What importing somebody else's module is known to raise. One broken plug-in must not take the
# others with it, and each is told.
_LOAD_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The collectors by entry-point name, and what is wrong with the ones that are not there."""

    by_name: Mapping[str, type[Collector]]
    faults: tuple[Fault, ...] = ()


def collectors(entries: Iterable[EntryPoint] | None = None) -> Found:
    """Load every collector that is installed (or these entry points).

    A plug-in that cannot be loaded, does not keep the contract, or takes a name that is taken
    becomes a fault; the others are there.
    """
    found: dict[str, type[Collector]] = {}
    taken: dict[str, str] = {}
    faults: list[Fault] = []
    for entry in entry_points(group=GROUP) if entries is None else entries:
        if entry.name in taken:
            # The same line twice is one installation seen through two paths, not a quarrel.
            if taken[entry.name] != entry.value:
                faults.append(_name_taken(entry, taken[entry.name]))
            continue
        taken[entry.name] = entry.value
        try:
            loaded = entry.load()
        except _LOAD_ERRORS as error:
            faults.append(_fault(entry, f"cannot be loaded: {type(error).__name__}: {error}"))
            continue
        wrong = _what_is_wrong(entry.name, loaded)
        if wrong:
            faults.append(_fault(entry, wrong))
        else:
            found[entry.name] = loaded
    return Found(by_name=MappingProxyType(found), faults=tuple(faults))


def _what_is_wrong(name: str, loaded: object) -> str:
    if not inspect.isclass(loaded):
        return "is not a class"
    if getattr(loaded, "name", None) != name:
        return f"calls itself {getattr(loaded, 'name', None)!r}; `name` must be {name!r}"
    options = getattr(loaded, "Options", None)
    if not (inspect.isclass(options) and issubclass(options, CollectorOptions)):
        return "needs a class `Options` derived from CollectorOptions"
    if not inspect.iscoroutinefunction(getattr(loaded, "run", None)):
        return "needs an `async def run(self, sink)`"
    return ""


def _name_taken(entry: EntryPoint, holder: str) -> Fault:
    return _fault(entry, f"the name is taken by {holder}, which is used; remove one of the two")


def _fault(entry: EntryPoint, message: str) -> Fault:
    package = f" ({entry.dist.name})" if entry.dist else ""
    return Fault(place=f"entry point {GROUP}{package}", key=entry.name, message=message)

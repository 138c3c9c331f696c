"""The rest of the house, fetched when a command first asks for it.

Together these modules take seconds to import. `sentinel --help` needs none of them, `sentinel
detect` only one; `house.wiring` imports on first use (PEP 562) and is typed like the module.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentinel import assembly, batch, doctor, service, wiring
    from sentinel.demo import show
    from sentinel.detect import examples
    from sentinel.detect.sigma import find

__all__ = [
    "assembly",
    "batch",
    "doctor",
    "examples",
    "find",
    "service",
    "show",
    "wiring",
]

_MODULES = {
    "assembly": "sentinel.assembly",
    "batch": "sentinel.batch",
    "doctor": "sentinel.doctor",
    "examples": "sentinel.detect.examples",
    "find": "sentinel.detect.sigma.find",
    "service": "sentinel.service",
    "show": "sentinel.demo.show",
    "wiring": "sentinel.wiring",
}


def __getattr__(name: str) -> ModuleType:
    """Import one of the modules above."""
    if name not in _MODULES:
        raise AttributeError(f"{__name__} has no {name!r}")
    return import_module(_MODULES[name])

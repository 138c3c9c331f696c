"""Text files people write, with the place of everything in them.

    SourceText --parse--> Document (data, and `file:line` of each key) --check--> a pydantic model

Every fault is a sentence with file, line, key, what was found and what is allowed; all faults of a
file are reported at once.

What needs pydantic is imported on first use (PEP 562): rules over files do without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sentinel.documents.parse import Document as Document
from sentinel.documents.parse import Where as Where
from sentinel.documents.parse import parse as parse
from sentinel.documents.source import SourceText as SourceText
from sentinel.documents.source import read_source as read_source
from sentinel.documents.source import yaml_texts as yaml_texts

if TYPE_CHECKING:
    from sentinel.documents.checking import check as check
    from sentinel.documents.checking import dotted as dotted
    from sentinel.documents.checking import read as read
    from sentinel.documents.checking import refuse as refuse
    from sentinel.documents.checking import show as show
    from sentinel.documents.words import Allowed as Allowed

_MODULES = {
    "Allowed": "sentinel.documents.words",
    "check": "sentinel.documents.checking",
    "dotted": "sentinel.documents.checking",
    "read": "sentinel.documents.checking",
    "refuse": "sentinel.documents.checking",
    "show": "sentinel.documents.checking",
}


def __getattr__(name: str) -> object:
    """One of the names above, from its module."""
    if name not in _MODULES:
        raise AttributeError(f"{__name__} has no {name!r}")
    return getattr(import_module(_MODULES[name]), name)

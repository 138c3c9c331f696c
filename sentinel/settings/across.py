"""What no single key can know: names used twice, ports that collide, halves of a pair.

These look at the file's plain data, not at the checked model, so that their faults are reported
together with those of the keys themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sentinel.documents import Document, Where, dotted, show
from sentinel.errors import Fault
from sentinel.settings.file import PUBLIC_PORT, SOC_PORT

_LISTENERS = {"soc": SOC_PORT, "public": PUBLIC_PORT}


def cross_faults(document: Document) -> Iterator[Fault]:
    """Everything that is wrong between two keys of a settings file."""
    yield from repeated(document, "inputs", "*", "name")
    yield from _both_or_none(document, ("mail",), "username", "password_file")
    yield from _ports(document)
    for name in _LISTENERS:
        yield from _both_or_none(document, ("web", name), "certificate", "key")


def repeated(document: Document, *pattern: str | int) -> Iterator[Fault]:
    """Each value on this way down that stands on it a second time."""
    seen: dict[object, Where] = {}
    for where, value in document.find(*pattern):
        if not isinstance(value, str):
            continue
        if value in seen:
            yield Fault(
                document.place(where),
                f"this stands in line {document.line(seen[value])} already",
                key=dotted(where),
                found=repr(value),
                allowed="each only once",
            )
        seen.setdefault(value, where)


def _both_or_none(document: Document, at: Where, one: str, other: str) -> Iterator[Fault]:
    for where, block in document.find(*at):
        if not isinstance(block, dict):
            continue
        there = [name for name in (one, other) if block.get(name) is not None]
        if len(there) == 1:
            yield Fault(
                document.place((*where, there[0])),
                f"{one} and {other} belong together",
                key=dotted((*where, there[0])),
                found=f"{there[0]} alone",
                allowed="both or none",
            )


def _ports(document: Document) -> Iterator[Fault]:
    """The two listeners on one port: whatever their addresses, one of them is a mistake."""
    ports: dict[str, object] = dict(_LISTENERS)
    for name in _LISTENERS:
        for _, port in document.find("web", name, "port"):
            ports[name] = port
    if ports["soc"] == ports["public"]:
        where = ("web", "public", "port")
        yield Fault(
            document.place(where),
            "both listeners would use the same port",
            key=dotted(where),
            found=show(document, where) or str(ports["public"]),
            allowed=f"another port than web.soc.port ({ports['soc']})",
        )

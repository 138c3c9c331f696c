"""What is wrong in a rule, said with file and line, what was found, what is allowed, a way out.

pySigma names the fault but seldom its line, and stops at the first one in `detection`; this finds
the line by its error's kind, and looks at each item of the detection by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import sigma.exceptions as sigma_errors
from sigma.exceptions import SigmaError
from sigma.modifiers import modifier_mapping
from sigma.rule import SigmaDetectionItem, SigmaLevel, SigmaStatus

from sentinel.detect.sigma.card import place_of
from sentinel.detect.sigma.mend import respell
from sentinel.documents import Document, Where
from sentinel.errors import Fault

# What pySigma lets out on odd input beside its own errors.
PYSIGMA_ERRORS = (
    SigmaError, ValueError, TypeError, AttributeError, LookupError, NameError, RecursionError,
)  # fmt: skip

MODIFIERS = (*sorted(modifier_mapping), "utf16le")

_TOO_BIG = 10**300

_KEYS: Mapping[type[SigmaError], Where] = {
    sigma_errors.SigmaConditionError: ("detection", "condition"),
    sigma_errors.SigmaDetectionError: ("detection",),
    sigma_errors.SigmaFalsePositivesError: ("falsepositives",),
    sigma_errors.SigmaIdentifierError: ("id",),
    sigma_errors.SigmaLevelError: ("level",),
    sigma_errors.SigmaLogsourceError: ("logsource",),
    sigma_errors.SigmaStatusError: ("status",),
    sigma_errors.SigmaTagError: ("tags",),
    sigma_errors.SigmaTitleError: ("title",),
    sigma_errors.SigmaModifierError: ("detection",),
    sigma_errors.SigmaRegularExpressionError: ("detection",),
}


def fault(document: Document, where: Where, message: str, allowed: str = "") -> Fault:
    """A fault at a key of this document; at its first key where `where` is empty."""
    place = document.place(where) if where else place_of(document)
    found = document.text(where) or "" if where else ""
    key = ".".join(str(step) for step in where)
    return Fault(place, message, key=key, found=found, allowed=allowed)


def sigma_fault(document: Document, error: Exception) -> Fault:
    """Give pySigma's error with the line of the key it is about."""
    if not isinstance(error, SigmaError):
        return fault(document, (), f"pySigma cannot read this rule: {error!r}")
    key = _key_of(document, error)
    allowed = ""
    if key == ("level",):
        allowed = ", ".join(level.name.lower() for level in SigmaLevel)
    elif key == ("status",):
        allowed = ", ".join(status.name.lower() for status in SigmaStatus)
    text = str(document.text(key))
    near = get_close_matches(text.lower(), allowed.split(", "), n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    return fault(document, key, f"{error}{hint}", allowed)


def detection_faults(document: Document) -> Iterator[Fault]:
    """Each item under `detection` that cannot be read, with its line."""
    data = document.data
    detection = data.get("detection") if isinstance(data, dict) else None
    if isinstance(detection, dict):
        for name, definition in detection.items():
            if name != "condition":
                yield from _definition_faults(document, ("detection", str(name)), definition)


def _definition_faults(document: Document, where: Where, definition: Any) -> Iterator[Fault]:  # noqa: ANN401 - any YAML
    if isinstance(definition, dict):
        for key, value in definition.items():
            yield from _item_faults(document, (*where, str(key)), key, value)
    elif isinstance(definition, list):
        for index, each in enumerate(definition):
            if isinstance(each, dict | list):
                yield from _definition_faults(document, (*where, index), each)
            elif message := _own_message("", each):
                yield fault(document, (*where, index), message)
    if definition in ([], {}):
        yield fault(document, where, "this detection is empty", "a mapping or a list of values")


def _item_faults(document: Document, where: Where, key: Any, value: Any) -> Iterator[Fault]:  # noqa: ANN401 - any YAML
    if not isinstance(key, str):
        yield fault(document, where, "a field's name must be a text", "put it in quotes")
        return
    unknown = [name for name in key.split("|")[1:] if name not in MODIFIERS]
    for name in unknown:
        near = get_close_matches(name, MODIFIERS, n=1)
        hint = f", did you mean {near[0]!r}?" if near else ""
        yield fault(document, where, f"there is no modifier {name!r}{hint}", ", ".join(MODIFIERS))
    if unknown:
        return
    message = _own_message(key, value)
    if message:
        yield fault(document, where, message)
    else:
        yield from _reading_faults(document, where, key, value)


def _own_message(key: str, value: object) -> str:
    """What pySigma takes and would run as something else than it says; "" where all is well."""
    field, *names = key.split("|")
    modifiers = set(names)
    each = value if isinstance(value, list) else [value]
    if value == []:
        return "an empty list says nothing; write null where absence is meant"
    if "re" in modifiers and not all(isinstance(one, str) for one in each):
        return "a regular expression must be a text; put it in quotes"
    if {"cased", "fieldref"} <= modifiers:
        return "a comparison of two fields always ignores case; leave `cased` away"
    if not field and modifiers & {"startswith", "endswith"}:
        return "a whole event has no beginning and no end; name a field, or use the word alone"
    if any(_loses_digits(one) for one in each):
        return "a number of this size loses digits; put it in quotes"
    return ""


def _reading_faults(document: Document, where: Where, key: str, value: Any) -> Iterator[Fault]:  # noqa: ANN401 - any YAML
    ((name, definition),) = respell({key: value}).items()
    try:
        SigmaDetectionItem.from_mapping(name, definition)
    except SigmaError as error:
        yield fault(document, where, _with_way_out(str(error)))
    except PYSIGMA_ERRORS as error:
        yield fault(document, where, f"pySigma cannot read this value: {error!r}")


def _with_way_out(message: str) -> str:
    if "incompatible to value type" in message:
        return f"{message}; put a number or a word like yes in quotes where a text is meant"
    if "Unsupported type" in message:
        return f"{message}; put it in quotes where a text is meant"
    return message


def _key_of(document: Document, error: SigmaError) -> Where:
    for kind, key in _KEYS.items():
        if isinstance(error, kind):
            return key
    if str(error).startswith("Sigma tag "):
        return ("tags",)
    name = type(error).__name__.removeprefix("Sigma").removesuffix("Error").lower()
    data = document.data
    return (name,) if isinstance(data, dict) and name in data else ()


def _loses_digits(value: object) -> bool:
    """Say whether pySigma keeps a whole number that no float can hold as the one beside it."""
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return abs(value) >= _TOO_BIG or int(float(value)) != value

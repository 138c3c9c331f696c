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
from sentinel.detect.sigma.expression import too_much
from sentinel.detect.sigma.mend import respell, weight
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders
from sentinel.detect.sigma.read_condition import NotExpanded, NotHonoured
from sentinel.documents import Document, Where
from sentinel.errors import Fault

# What pySigma lets out on odd input beside its own errors.
PYSIGMA_ERRORS = (
    SigmaError, ValueError, TypeError, AttributeError, LookupError, NameError, RecursionError,
)  # fmt: skip

MODIFIERS = (*sorted(modifier_mapping), "utf16le")
MAX_VALUES = 100_000  # of one rule

_SHOWN = 200  # characters of a value that a message repeats
_TOO_BIG = 10**300
_NO_DETECTIONS = ("condition", "rules")  # keys of a section that name no detection
_ENCODERS = {"base64", "base64offset", "wide", "utf16", "utf16le", "utf16be"}
_TIME_PARTS = {"minute", "hour", "day", "week", "month", "year"}

_KEYS: Mapping[type[SigmaError], Where] = {
    sigma_errors.SigmaConditionError: ("detection", "condition"),
    sigma_errors.SigmaDetectionError: ("detection",),
    sigma_errors.SigmaFalsePositivesError: ("falsepositives",),
    sigma_errors.SigmaFilterConditionError: ("filter", "condition"),
    sigma_errors.SigmaFilterRuleReferenceError: ("filter", "rules"),
    sigma_errors.SigmaFilterError: ("filter",),
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
    found = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
    key = ".".join(str(step) for step in where)
    return Fault(place, message, key=key, found=found, allowed=allowed)


def sigma_fault(document: Document, error: Exception, section: str = "detection") -> Fault:
    """Give pySigma's error with the line of the key it is about."""
    if isinstance(error, RecursionError):
        return fault(document, (section,), "this is nested too deeply to be read")
    if not isinstance(error, SigmaError):
        return fault(document, (), f"pySigma cannot read this rule: {error!r}")
    key = _key_of(document, error, section)
    allowed = ""
    if key == ("level",):
        allowed = ", ".join(level.name.lower() for level in SigmaLevel)
    elif key == ("status",):
        allowed = ", ".join(status.name.lower() for status in SigmaStatus)
    text = str(document.text(key))
    near = get_close_matches(text.lower(), allowed.split(", "), n=1)
    hint = f", did you mean {near[0]!r}?" if near else ""
    return fault(document, key, f"{error}{hint}", allowed)


def reading_fault(document: Document, error: Exception, section: str = "detection") -> Fault:
    """What stopped the reading of a detection: ours with its own words, or pySigma's."""
    if isinstance(error, NotExpanded):
        where = _where_written(document, section, f"%{error.name}%")
        return fault(document, where, str(error), error.allowed)
    if isinstance(error, NotHonoured):
        return fault(document, (section, *error.below), str(error))
    return sigma_fault(document, error, section)


def taxonomy_faults(document: Document, data: Mapping[str, Any]) -> list[Fault]:
    """A taxonomy of which no field's name is known."""
    if data.get("taxonomy", "sigma") in ("sigma", "ecs"):
        return []
    message = "the field names of this taxonomy are not known"
    return [fault(document, ("taxonomy",), message, "sigma, ecs")]


def detection_faults(
    document: Document,
    section: str = "detection",
    placeholders: Placeholders = NO_PLACEHOLDERS,
) -> Iterator[Fault]:
    """Each item under `detection` (or `filter`) that cannot be read, with its line."""
    data = document.data
    detection = data.get(section) if isinstance(data, dict) else None
    if not isinstance(detection, dict):
        return
    if "timeframe" in detection:
        message = "`timeframe` belongs to the aggregations that Sigma has given up"
        allowed = "a correlation with `timespan`"
        yield fault(document, (section, "timeframe"), message, allowed)
    if (values := weight(detection)) > MAX_VALUES:
        message = f"this is too much for one rule: {values} values, each form of windash counted"
        yield fault(document, (section,), message, f"at most {MAX_VALUES}")
        return
    for name, definition in detection.items():
        if name not in _NO_DETECTIONS or (name == "rules" and section == "detection"):
            yield from _definition_faults(document, (section, str(name)), definition, placeholders)


def _where_written(document: Document, section: str, text: str) -> Where:
    """The first value in a section that holds this text; the section where none does."""
    for where, written in document.written.items():
        if where[:1] == (section,) and text in written:
            return where
    return (section,)


def _definition_faults(
    document: Document,
    where: Where,
    definition: Any,  # noqa: ANN401 - any YAML
    placeholders: Placeholders,
) -> Iterator[Fault]:
    if isinstance(definition, dict):
        for key, value in definition.items():
            yield from _item_faults(document, (*where, str(key)), key, value, placeholders)
    elif isinstance(definition, list):
        for index, each in enumerate(definition):
            if isinstance(each, dict | list):
                yield from _definition_faults(document, (*where, index), each, placeholders)
            elif message := _own_message("", each):
                yield fault(document, (*where, index), message)
    if definition in ([], {}):
        yield fault(document, where, "this detection is empty", "a mapping or a list of values")


def _item_faults(
    document: Document,
    where: Where,
    key: Any,  # noqa: ANN401 - any YAML
    value: Any,  # noqa: ANN401 - any YAML
    placeholders: Placeholders,
) -> Iterator[Fault]:
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
        yield from _reading_faults(document, where, {key: value}, placeholders)


def _own_message(key: str, value: object) -> str:
    """What pySigma takes and would run as something else than it says; "" where all is well."""
    field, *names = key.split("|")
    each = value if isinstance(value, list) else [value]
    if value == []:
        return "an empty list says nothing; write null where absence is meant"
    if any(_loses_digits(one) for one in each):
        return "a number of this size loses digits; put it in quotes"
    return _modifiers_message(field, names) or _values_message(set(names), each)


def _modifiers_message(field: str, names: list[str]) -> str:
    modifiers = set(names)
    if {"cased", "fieldref"} <= modifiers:
        return "a comparison of two fields always ignores case; leave `cased` away"
    if not field and modifiers & {"startswith", "endswith"}:
        return "a whole event has no beginning and no end; name a field, or use the word alone"
    if "expand" in modifiers:
        at = names.index("expand")
        if _ENCODERS & set(names[:at]):
            return "what is encoded holds no placeholder any more; put expand before the encoding"
        if "re" in names[at:]:
            return "an expression is made before its placeholders get values; put expand behind re"
    return ""


def _values_message(modifiers: set[str], each: list[Any]) -> str:
    if "re" in modifiers and not all(isinstance(one, str) for one in each):
        return "a regular expression must be a text; put it in quotes"
    if "re" in modifiers and (reason := next(filter(None, map(too_much, each)), "")):
        return reason
    if modifiers & _TIME_PARTS and any(isinstance(one, float) for one in each):
        return "a part of a time is a whole number"
    return ""


def _reading_faults(
    document: Document, where: Where, item: dict[str, Any], placeholders: Placeholders
) -> Iterator[Fault]:
    try:
        ((name, definition),) = respell(item, placeholders).items()
        SigmaDetectionItem.from_mapping(name, definition)
    except NotExpanded as error:
        yield fault(document, where, str(error), error.allowed)
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


def _key_of(document: Document, error: SigmaError, section: str) -> Where:
    for kind, key in _KEYS.items():
        if isinstance(error, kind):
            return (section, *key[1:]) if key[0] == "detection" else key
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

"""A document against a pydantic model: every fault with its line, in words a person can act on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sentinel.documents.parse import Document, Where
from sentinel.documents.words import Expected, expected_at, in_words, key_expected_at, keys
from sentinel.errors import Fault, InputError

Model = TypeVar("Model", bound=BaseModel)

KEY = "[key]"  # pydantic's last step where a mapping's key is at fault, not its value
_SHOWN = 60  # characters of a wrong value that a message repeats

# pydantic's error types, said to a person; the rest keep pydantic's own sentence.
_MESSAGES = (
    (re.compile("missing"), "this key is missing"),
    (re.compile("greater_than|less_than"), "the number is out of range"),
    (re.compile("too_short"), "there is too little of it"),
    (re.compile("too_long"), "there is too much of it"),
    (re.compile("string_pattern_mismatch"), "this text does not have the right form"),
    (re.compile("enum|literal_error"), "this is none of the allowed words"),
    (re.compile("_(type|parsing|from_float)$|^(int|bool|float|string|list|tuple|dict|path)_"),
     "this is the wrong kind of value"),
)  # fmt: skip


def check(
    document: Document,
    model: type[Model],
    *,
    error: type[InputError] = InputError,
    others: Sequence[Fault] = (),
    context: Mapping[str, object] | None = None,
) -> Model:
    """Make the model from the whole document; a document without content counts as `{}`.

    `others` are faults found elsewhere in it, to be reported in one go.

    Raises:
        InputError: (of the kind given) all faults, in order of line.
    """
    made, faults = read(document, model, context=context)
    refuse(document, [*faults, *others], error=error)
    if made is None:
        raise AssertionError("a model that could not be made has faults")
    return made


def read(
    document: Document,
    model: type[Model],
    *,
    at: Where = (),
    context: Mapping[str, object] | None = None,
) -> tuple[Model | None, list[Fault]]:
    """Make the model from the part of a document at `at`, or say everything that is wrong there."""
    data = document.data
    for step in at:
        data = _step(data, step)
    try:
        made = model.model_validate({} if data is None else data, context=dict(context or {}))
    except ValidationError as cause:
        details = cause.errors(include_url=False)
        return None, [_fault(document, model, at, detail) for detail in details]
    return made, []


def refuse(
    document: Document, faults: Sequence[Fault], *, error: type[InputError] = InputError
) -> None:
    """Raise these faults in order of line; without faults do nothing.

    Raises:
        InputError: (of the kind given) there is at least one fault.
    """
    if faults:
        raise error(sorted(dict.fromkeys(faults), key=lambda fault: _line(document, fault)))


def dotted(where: Sequence[str | int]) -> str:
    """A way down as people write it: "web.soc.port", "inputs[0].name"."""
    text = ""
    for step in where:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.removeprefix(".")


def show(document: Document, where: Where) -> str:
    """The value at this way down as a message repeats it: quoted, short, controls escaped."""
    written = document.text(where)
    if written is not None:
        return repr(written) if len(written) <= _SHOWN else repr(written[:_SHOWN]) + "..."
    data = document.data
    for step in where:
        data = _step(data, step)
    if isinstance(data, dict):
        return "a mapping"
    return "a list" if isinstance(data, list) else ""


def _fault(document: Document, model: type[BaseModel], at: Where, detail: ErrorDetails) -> Fault:
    below = detail["loc"]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(document, model, at, below)
    if below and below[-1] == KEY:
        below = below[:-1]
        expected = key_expected_at(model, below[:-1])
        found = repr(str(below[-1]))
    else:
        expected = expected_at(model, below)
        found = "" if detail["type"] == "missing" else show(document, (*at, *below))
    return Fault(
        document.place((*at, *below)),
        _message(detail),
        key=dotted((*at, *below)),
        found=found,
        allowed="" if expected is None else in_words(expected),
    )


def _unknown_key(
    document: Document, model: type[BaseModel], at: Where, below: tuple[str | int, ...]
) -> Fault:
    parent = (expected_at(model, below[:-1]) or Expected(model)).model()
    known = list(keys(parent)) if parent is not None else []
    near = get_close_matches(str(below[-1]), known, n=1)
    return Fault(
        document.place((*at, *below)),
        "there is no such key" + (f", did you mean {near[0]!r}?" if near else ""),
        key=dotted((*at, *below)),
        allowed=", ".join(known) if known else "no keys at all",
    )


def _message(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    for pattern, message in _MESSAGES:
        if pattern.search(detail["type"]):
            return message
    return detail["msg"]


def _step(data: object, step: str | int) -> object:
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def _line(document: Document, fault: Fault) -> int:
    number = fault.place.removeprefix(f"{document.path}:")
    return int(number) if number.isdecimal() else 0

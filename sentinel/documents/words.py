"""What may stand at a key, in words for people, read off the model that checks it."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_KINDS: Mapping[type, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    Path: "a path",
    datetime: "a date with time",
    date: "a date like 2026-11-22",
}
_BOUNDS: Mapping[str, str] = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}


@dataclass(frozen=True, slots=True)
class Allowed:
    """Put beside a type (`Annotated[str, Allowed("an e-mail address")]`), it is the wording."""

    words: str


@dataclass(frozen=True, slots=True)
class Expected:
    """The type at some key, with what is annotated to it."""

    annotation: Any
    metadata: tuple[Any, ...] = ()

    def plain(self) -> Expected:
        """Without `Annotated[...]` and without "or None"."""
        annotation, metadata = self.annotation, self.metadata
        while True:
            if get_origin(annotation) is Annotated:
                annotation, *more = get_args(annotation)
                metadata = (*metadata, *more)
                continue
            some = [one for one in _alternatives(annotation) if one is not types.NoneType]
            if len(some) != 1 or some[0] is annotation:
                return Expected(annotation, metadata)
            annotation = some[0]

    def model(self) -> type[BaseModel] | None:
        """The pydantic model, if it is one."""
        annotation = self.plain().annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation
        return None


def expected_at(model: type[BaseModel], where: Sequence[str | int]) -> Expected | None:
    """The type that a model wants at this way down; None where the model knows no such key."""
    at = Expected(model)
    for step in where:
        below = _below(at, step)
        if below is None:
            return None
        at = below
    return at


def key_expected_at(model: type[BaseModel], where: Sequence[str | int]) -> Expected | None:
    """The type of the keys of the mapping at this way down."""
    at = expected_at(model, where)
    arguments = () if at is None else get_args(at.plain().annotation)
    return Expected(arguments[0]) if arguments else None


def keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the key that a file uses."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def in_words(expected: Expected) -> str:
    """What is allowed: "a whole number from 1024 to 65535", "one of: console, json"."""
    plain = expected.plain()
    said = [item.words for item in plain.metadata if isinstance(item, Allowed)]
    if said:
        return said[0]
    model = plain.model()
    if model is not None:
        return f"a mapping with the keys {', '.join(keys(model))}"
    choices = _choices(plain.annotation)
    if choices:
        return f"one of: {', '.join(choices)}"
    return _kind(plain)


def _kind(plain: Expected) -> str:
    origin = get_origin(plain.annotation) or plain.annotation
    if origin in (list, tuple, set, frozenset):
        items = [arg for arg in get_args(plain.annotation) if arg is not Ellipsis]
        return f"a list, each item {in_words(Expected(items[0]))}" if items else "a list"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "a mapping"
    alternatives = _alternatives(plain.annotation)
    if len(alternatives) > 1:
        return " or ".join(in_words(Expected(one)) for one in alternatives)
    kind = _KINDS.get(plain.annotation, "another kind of value")
    return kind + _range(plain.metadata)


def _range(metadata: Iterable[Any]) -> str:
    """The bounds in pydantic's metadata: " from 1024 to 65535"."""
    single = [each for item in metadata for each in (item, *getattr(item, "metadata", ()))]
    bounds = {
        name: getattr(item, name)
        for item in single
        for name in _BOUNDS
        if getattr(item, name, None) is not None
    }
    return "".join(f" {_BOUNDS[name]} {bounds[name]}" for name in _BOUNDS if name in bounds)


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401 - annotations are of any type
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return []


def _alternatives(annotation: Any) -> tuple[Any, ...]:  # noqa: ANN401 - see _choices
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _below(at: Expected, step: str | int) -> Expected | None:
    model = at.model()
    if model is not None:
        field = keys(model).get(str(step))
        return None if field is None else Expected(field.annotation, tuple(field.metadata))
    plain = at.plain().annotation
    arguments = get_args(plain)
    origin = get_origin(plain)
    if not arguments or not isinstance(origin, type):
        return None
    return Expected(arguments[1] if issubclass(origin, Mapping) else arguments[0])

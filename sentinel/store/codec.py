"""Values as JSON text and back: one way for everything in the state that is not a column.

pydantic reads the frozen dataclasses as they are; nothing about JSON stands in the model.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

Kind = TypeVar("Kind")


def text_of(value: object, without: Collection[str] = ()) -> str:
    """Write a value as JSON text, leaving out the fields that are kept elsewhere.

    Raises:
        PydanticSerializationError: a text in it is not valid Unicode (a lone surrogate).
    """
    adapter = _adapter(cast("Any", type(value)))
    return adapter.dump_json(value, exclude=set(without)).decode()


def value_of(kind: type[Kind], text: str, **fields: object) -> Kind:
    """Read a value back from its JSON text and the fields that were kept elsewhere.

    Raises:
        ValidationError: this is no such value. A ValueError, which names each wrong field.
    """
    # Put together as JSON, not as Python: only JSON lets 3 be an enum's key written as "3".
    whole = to_json(from_json(text) | fields) if fields else text
    adapter: TypeAdapter[Kind] = _adapter(cast("Any", kind))
    return adapter.validate_json(whole)


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

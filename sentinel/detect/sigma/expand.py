"""Placeholders get their values: each stands in the place of `%name%`, as an alternative.

Sigma rules specification 2.1, "Placeholders": or-linked values or patterns.
"""

from __future__ import annotations

import re
from math import prod
from typing import Any

from sigma.types import (
    Placeholder,
    SigmaExpansion,
    SigmaString,
    SigmaType,
    SpecialChars,
)

from sentinel.detect.sigma.placeholders import Named, Placeholders, Value, pieces
from sentinel.detect.sigma.read_condition import NotExpanded, NotHonoured

MAX_FORMS = 100_000  # that one value of a rule may stand for

_WHOLE = re.compile("%([^%]+)%")


def string_of(text: str) -> SigmaString:
    """The text as pySigma knows it, with its placeholders."""
    made = SigmaString()
    made.original = text
    for piece in pieces(text):
        made.s += [Placeholder(piece.name)] if isinstance(piece, Named) else SigmaString(piece).s
    return made


def expression_of(text: str, placeholders: Placeholders) -> str:
    """An expression with the values as alternatives: their letters as they are, `*` any text.

    Raises:
        NotExpanded: a placeholder has no values.
    """
    return "".join(
        _group(piece.name, placeholders) if isinstance(piece, Named) else piece
        for piece in pieces(text)
    )


def with_values(value: SigmaType, placeholders: Placeholders) -> SigmaType:
    """The value with the values of its placeholders as alternatives, even under `all`.

    Raises:
        NotHonoured: a placeholder has no values, or there are too many combinations.
    """
    if isinstance(value, SigmaExpansion):
        return SigmaExpansion([with_values(each, placeholders) for each in value.values])
    if isinstance(value, SigmaString) and value.contains_placeholder():
        return _alternatives(value, placeholders)
    return value


def _alternatives(value: SigmaString, placeholders: Placeholders) -> SigmaExpansion:
    """Each value in the place of its placeholder; several placeholders in every combination."""
    counts = [
        len(_values_of(part.name, placeholders))
        for part in value.s
        if isinstance(part, Placeholder)
    ]
    if prod(counts) > MAX_FORMS:
        raise NotHonoured(
            f"the placeholders of {str(value)!r} stand for {prod(counts)} values together; "
            f"at most {MAX_FORMS} are allowed"
        )
    texts = value.replace_placeholders(
        lambda part: iter([SigmaString(str(each)) for each in _values_of(part.name, placeholders)])
    )
    return SigmaExpansion([*texts])


def _group(name: str, placeholders: Placeholders) -> str:
    values = _values_of(name, placeholders)
    return f"(?:{'|'.join(_pattern(SigmaString(str(each))) for each in values)})"


def _pattern(value: SigmaString) -> str:
    wild = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    return "".join(
        re.escape(part) if isinstance(part, str) else wild[part]
        for part in value.s
        if not isinstance(part, Placeholder)
    )


def _values_of(name: str, placeholders: Placeholders) -> tuple[Value, ...]:
    values = placeholders.values.get(name, ())
    if not values:
        raise NotExpanded(name, allowed=placeholders.way_out(name))
    return values


def networks_of(key: object, value: object, placeholders: Placeholders) -> list[Any] | None:
    """The networks that placeholders under `cidr` stand for; None for any other item.

    Raises:
        NotExpanded: a placeholder has no values.
    """
    modifiers = key.split("|")[1:] if isinstance(key, str) else []
    if not {"cidr", "expand"} <= set(modifiers) or "all" in modifiers:
        return None
    found: list[Any] = []
    for each in value if isinstance(value, list) else [value]:
        whole = _WHOLE.fullmatch(each) if isinstance(each, str) else None
        found += [each] if whole is None else _values_of(whole[1], placeholders)
    return found

"""What a public pipeline calls the fields of a rule, so that events can be given the same names.

A pipeline says it by the way it changes rules: `Image` becomes `process.executable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sigma.processing.pipeline import ProcessingPipeline
from sigma.processing.transformations import (
    AddFieldnamePrefixTransformation,
    FieldMappingTransformation,
)

_SUBFIELD = ".caseless"  # Elasticsearch's lower-cased sub-field is the field itself


@dataclass(frozen=True, slots=True)
class Called:
    """The names that a pipeline has for fields, by their own names, and what it puts before some.

    Which of the fields it puts something before depends on the rule.
    """

    names: Mapping[str, tuple[str, ...]]
    prefixes: tuple[str, ...] = ()


def called_by(pipeline: ProcessingPipeline) -> Called:
    """What the pipeline calls the fields of rules."""
    transformations = [item.transformation for item in pipeline.items]
    found: dict[str, dict[str, None]] = {}
    for each in transformations:
        if isinstance(each, FieldMappingTransformation):
            for name, others in each.mapping.items():
                if isinstance(name, str):
                    found.setdefault(name, {}).update(dict.fromkeys(_names(others)))
    prefixes = [
        each.prefix
        for each in transformations
        if isinstance(each, AddFieldnamePrefixTransformation)
    ]
    names = {name: tuple(others) for name, others in found.items()}
    return Called(names, tuple(dict.fromkeys(prefixes)))


def _names(others: object) -> Iterable[str]:
    listed = others if isinstance(others, list) else [others]
    return (each.removesuffix(_SUBFIELD) for each in listed if isinstance(each, str))

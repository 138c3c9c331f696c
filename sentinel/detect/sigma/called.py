"""What a public pipeline calls the fields of a rule, so that events can be given the same names.

A pipeline says it by the way it changes rules: `Image` becomes `process.executable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sigma.processing.pipeline import ProcessingPipeline
from sigma.processing.transformations import FieldMappingTransformation

_SUBFIELD = ".caseless"  # Elasticsearch's lower-cased sub-field is the field itself


def called_by(pipeline: ProcessingPipeline) -> Mapping[str, tuple[str, ...]]:
    """The names that the pipeline has for each field, by the field's own name."""
    found: dict[str, dict[str, None]] = {}
    for item in pipeline.items:
        if isinstance(item.transformation, FieldMappingTransformation):
            for name, others in item.transformation.mapping.items():
                if isinstance(name, str):
                    found.setdefault(name, {}).update(dict.fromkeys(_names(others)))
    return {name: tuple(others) for name, others in found.items()}


def _names(others: object) -> Iterable[str]:
    listed = others if isinstance(others, list) else [others]
    return (each.removesuffix(_SUBFIELD) for each in listed if isinstance(each, str))

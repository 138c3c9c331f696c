"""Where pySigma 1.5.1 and the specification part, and how a rule is put right before it runs.

Each of these would otherwise match something else than the rule says, without a word. Modifiers:
Sigma specification 2.1.0, appendix "Modifiers".
"""

from __future__ import annotations

import re
from typing import Any

from sigma.exceptions import SigmaError
from sigma.modifiers import (
    SigmaBase64Modifier,
    SigmaBase64OffsetModifier,
    SigmaCaseSensitiveModifier,
    SigmaEndswithModifier,
    SigmaExpandModifier,
    SigmaModifier,
    SigmaRegularExpressionModifier,
    SigmaStartswithModifier,
    SigmaUTF16Modifier,
    SigmaWindowsDashModifier,
)
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections
from sigma.types import (
    SigmaCasedString,
    SigmaExpansion,
    SigmaRegularExpression,
    SigmaString,
    SigmaType,
)

from sentinel.detect.sigma.encode import base64_of, base64_shifted, encoded_of
from sentinel.detect.sigma.expand import expression_of, networks_of, string_of, with_values
from sentinel.detect.sigma.placeholders import NO_PLACEHOLDERS, Placeholders, named
from sentinel.detect.sigma.read_condition import NotExpanded, NotHonoured

# The specification's name for what pySigma knows only as "wide".
_RENAMED = {"utf16le": "wide"}

_BOM = "\ufeff".encode()  # how pySigma's utf16 modifier leaves the byte order mark

_DASHES = "-/\N{EN DASH}\N{EM DASH}\N{HORIZONTAL BAR}"
_FLAG = re.compile(rf"\B[{_DASHES}]\b")

_MANY = 20  # flags: more than anybody looks at

_Modifiers = list[type[SigmaModifier[Any, Any]]]


class _Base64(SigmaBase64Modifier):
    """pySigma encodes an escaped wildcard with its backslash."""

    def modify(self, val: SigmaString) -> SigmaString:
        super().modify(val)  # refuses wildcards
        (text,) = base64_of(_bytes(val, self.applied_modifiers))
        return SigmaString(text)


class _Base64Offset(SigmaBase64OffsetModifier):
    """The same, and pySigma counts characters where bytes are cut off."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        super().modify(val)  # refuses wildcards
        texts = base64_shifted(_bytes(val, self.applied_modifiers))
        forms: list[SigmaType] = [SigmaString(text) for text in texts]
        return SigmaExpansion(forms)


class _WindowsDash(SigmaWindowsDashModifier):
    """pySigma leaves the long dashes that a rule itself writes as they are."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        text = val.replace_with_placeholder(_FLAG, "_windash")
        forms: list[SigmaType] = [*text.replace_placeholders(lambda _: iter(_DASHES))]
        return SigmaExpansion(forms)


_MENDED: dict[type[SigmaModifier[Any, Any]], type[SigmaModifier[Any, Any]]] = {
    SigmaBase64Modifier: _Base64,
    SigmaBase64OffsetModifier: _Base64Offset,
    SigmaWindowsDashModifier: _WindowsDash,
}


def respell(definition: Any, placeholders: Placeholders = NO_PLACEHOLDERS) -> Any:  # noqa: ANN401 - whatever stands under `detection:`
    """The same detection as pySigma can read it.

    Modifiers get pySigma's names. What pySigma cannot read, though it has a meaning, is written
    out here: networks that placeholders stand for, and UTF-16 beyond ASCII in Base64.

    Raises:
        NotHonoured: a placeholder for networks has no values, or two keys would become one.
    """
    if isinstance(definition, dict):
        items = [_respell_item(key, value, placeholders) for key, value in definition.items()]
        respelled = dict(items)
        if len(respelled) < len(items):
            raise NotHonoured(
                f"two of the keys {', '.join(map(str, definition))} mean the same; "
                "put them into two detections"
            )
        return respelled
    if isinstance(definition, list):
        return [respell(each, placeholders) for each in definition]
    return definition


def mend(detections: SigmaDetections, placeholders: Placeholders = NO_PLACEHOLDERS) -> None:
    """Put right the values of these detections, and give placeholders theirs, in place.

    Raises:
        NotHonoured: a placeholder has no values, or a value stands for too many.
    """
    for detection in detections.detections.values():
        _mend_detection(detection, placeholders)


def weight(definition: Any, key: str = "") -> int:  # noqa: ANN401 - whatever stands under `detection:`
    """How many values this comes to, before pySigma writes all of them out."""
    if isinstance(definition, dict):
        return sum(weight(value, str(key)) for key, value in definition.items())
    if isinstance(definition, list):
        return sum(weight(each, key) for each in definition)
    if isinstance(definition, str) and "windash" in key.split("|")[1:]:
        return int(len(_DASHES) ** min(len(_FLAG.findall(definition)), _MANY))
    return 1


def _mend_detection(detection: SigmaDetection, placeholders: Placeholders) -> None:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            _mend_detection(item, placeholders)
        else:
            _mend_item(item, placeholders)


def _mend_item(item: SigmaDetectionItem, placeholders: Placeholders) -> None:
    if SigmaExpandModifier in item.modifiers:
        originals = item.original_value or []
        item.value = [
            value for each in originals for value in _expand_item(item, each, placeholders)
        ]
    elif not _MENDED.keys().isdisjoint(item.modifiers):
        item.value = _modified(item, item.modifiers, item.original_value or [])
    if SigmaRegularExpressionModifier in item.modifiers:
        item.value = [_anchored(value, item.modifiers) for value in item.value]
    if SigmaCaseSensitiveModifier in item.modifiers:
        item.value = [_cased(value) for value in item.value]


def _modified(
    item: SigmaDetectionItem, modifiers: _Modifiers, values: list[SigmaType]
) -> list[SigmaType]:
    mended = [_MENDED.get(modifier, modifier) for modifier in modifiers]
    return SigmaDetectionItem(item.field, mended, list(values)).value


def _expand_item(
    item: SigmaDetectionItem, original: SigmaType, placeholders: Placeholders
) -> list[SigmaType]:
    """Modifiers work in the order in which they stand; values come in at `expand`."""
    at = item.modifiers.index(SigmaExpandModifier)
    before, behind = item.modifiers[:at], item.modifiers[at + 1 :]
    # As it was written: pySigma has put placeholders into this very object already.
    text = original.original if isinstance(original, SigmaString) else ""
    try:
        if SigmaRegularExpressionModifier in before:
            expression = SigmaString.from_str(expression_of(text, placeholders))
            return _modified(item, [*before, *behind], [expression])
        expanded = _modified(item, before, [string_of(text)])
        return _modified(item, behind, [with_values(each, placeholders) for each in expanded])
    except SigmaError as error:
        name = next(named({"|expand": text}), text)
        message = f"the values of the placeholder %{name}% do not fit: {error}"
        raise NotExpanded(name, message) from error


def _anchored(value: SigmaType, modifiers: _Modifiers) -> SigmaType:
    """`startswith` and `endswith` of an expression, which pySigma only fills up with `.*`."""
    start, end = SigmaStartswithModifier in modifiers, SigmaEndswithModifier in modifiers
    if not isinstance(value, SigmaRegularExpression) or not (start or end):
        return value
    before, after = r"\A" * start, r"\Z" * end
    return SigmaRegularExpression(f"{before}(?:{value.to_plain()}){after}", value.flags)


def _cased(value: SigmaType) -> SigmaType:
    """Keep `cased`, which pySigma forgets where another modifier makes new text."""
    if isinstance(value, SigmaExpansion):
        return SigmaExpansion([_cased(each) for each in value.values])
    if isinstance(value, SigmaString) and not isinstance(value, SigmaCasedString):
        return SigmaCasedString.from_sigma_string(value)
    return value


def _bytes(value: SigmaString, applied: list[type[SigmaModifier[Any, Any]]]) -> bytes:
    data = "".join(part for part in value.s if isinstance(part, str)).encode()
    if SigmaUTF16Modifier in applied and data.startswith(_BOM):
        return b"\xff\xfe" + data.removeprefix(_BOM)
    return data


def _respell_item(
    key: Any,  # noqa: ANN401 - YAML keys are of any type
    value: Any,  # noqa: ANN401 - and so are values
    placeholders: Placeholders,
) -> tuple[Any, Any]:
    networks = networks_of(key, value, placeholders)
    if networks is not None:
        return key.replace("|expand", "", 1), networks
    encoded = encoded_of(key, value)
    if encoded is not None:
        return encoded
    return _respell_key(key), respell(value, placeholders)


def _respell_key(key: Any) -> Any:  # noqa: ANN401 - as above
    if not isinstance(key, str) or "|" not in key:
        return key
    field, *modifiers = key.split("|")
    return "|".join([field, *(_RENAMED.get(modifier, modifier) for modifier in modifiers)])

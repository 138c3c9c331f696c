"""Where pySigma 1.5.1 and the specification part, and how a rule is put right before it runs.

Each of these would otherwise match something else than the rule says, without a word. Modifiers:
Sigma specification 2.1.0, appendix "Modifiers".
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from sigma.modifiers import (
    SigmaBase64Modifier,
    SigmaBase64OffsetModifier,
    SigmaCaseSensitiveModifier,
    SigmaModifier,
    SigmaUTF16Modifier,
)
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections
from sigma.types import SigmaCasedString, SigmaExpansion, SigmaString, SigmaType

# The specification's name for what pySigma knows only as "wide".
_RENAMED = {"utf16le": "wide"}

_BOM = "\ufeff".encode()  # how pySigma's utf16 modifier leaves the byte order mark


class _Base64(SigmaBase64Modifier):
    """pySigma encodes an escaped wildcard with its backslash."""

    def modify(self, val: SigmaString) -> SigmaString:
        super().modify(val)  # refuses wildcards
        return SigmaString(b64encode(_bytes(val, self.applied_modifiers)).decode())


class _Base64Offset(SigmaBase64OffsetModifier):
    """The same, and pySigma counts characters where bytes are cut off."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        super().modify(val)  # refuses wildcards
        data = _bytes(val, self.applied_modifiers)
        shifted: list[SigmaType] = []
        for shift in range(3):
            text = b64encode(b" " * shift + data).decode()
            end = self.end_offsets[(len(data) + shift) % 3]
            shifted.append(SigmaString(text[self.start_offsets[shift] : end]))
        return SigmaExpansion(shifted)


_MENDED: dict[type[SigmaModifier[Any, Any]], type[SigmaModifier[Any, Any]]] = {
    SigmaBase64Modifier: _Base64,
    SigmaBase64OffsetModifier: _Base64Offset,
}


def respell(definition: Any) -> Any:  # noqa: ANN401 - whatever stands under `detection:`
    """The same detection with modifiers named as pySigma knows them."""
    if isinstance(definition, dict):
        return {_respell_key(key): respell(value) for key, value in definition.items()}
    if isinstance(definition, list):
        return [respell(each) for each in definition]
    return definition


def mend(detections: SigmaDetections) -> None:
    """Put right the values of these detections, in place."""
    for detection in detections.detections.values():
        _mend_detection(detection)


def _mend_detection(detection: SigmaDetection) -> None:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            _mend_detection(item)
        else:
            _mend_item(item)


def _mend_item(item: SigmaDetectionItem) -> None:
    if item.original_value is not None and not _MENDED.keys().isdisjoint(item.modifiers):
        modifiers = [_MENDED.get(modifier, modifier) for modifier in item.modifiers]
        item.value = SigmaDetectionItem(item.field, modifiers, list(item.original_value)).value
    if SigmaCaseSensitiveModifier in item.modifiers:
        item.value = [_cased(value) for value in item.value]


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


def _respell_key(key: Any) -> Any:  # noqa: ANN401 - YAML keys are of any type
    if not isinstance(key, str) or "|" not in key:
        return key
    field, *modifiers = key.split("|")
    return "|".join([field, *(_RENAMED.get(modifier, modifier) for modifier in modifiers)])

"""The settings as far as they can be used: a broken file is no reason to look at nothing.

What is wrong is left out and named, so that no part of the house is judged by a default that
nobody chose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from sentinel import wiring
from sentinel.collect.registry import collectors
from sentinel.documents import SourceText, parse
from sentinel.errors import Fault, SettingsError
from sentinel.settings import Settings, load_settings

ALL = frozenset(Settings.model_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a settings file said.

    `place` is the file as a person would type it, None where the shipped defaults are used.
    `broken` are the top-level keys whose value is not the one that was meant. `missing` are the
    collectors that inputs name and nobody installed.
    """

    place: str | None
    settings: Settings
    faults: tuple[Fault, ...] = ()
    broken: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()


def read_settings(config: Path | None) -> Reading:
    """Read the file that every command would use, as far as it goes. Never raises SettingsError."""
    chosen = wiring.chosen_settings(config)
    place = None if chosen is None else str(chosen)
    try:
        source, base = wiring.settings_text(chosen)
    except SettingsError as error:
        return Reading(place=place, settings=Settings(), faults=error.faults, broken=ALL)
    known = collectors().by_name
    try:
        return Reading(place=place, settings=load_settings(source, base, known))
    except SettingsError as error:
        settings, broken = _rest(source, base, error.faults)
        return Reading(
            place=place,
            settings=settings,
            faults=error.faults,
            broken=broken,
            missing=_missing(source, frozenset(known)),
        )


def _rest(
    source: SourceText, base: Path, faults: Sequence[Fault]
) -> tuple[Settings, frozenset[str]]:
    """The settings without the keys that are at fault, and which those are."""
    wrong = {re.split(r"[.\[]", fault.key)[0] for fault in faults}
    try:
        said = parse(source, error=SettingsError).data
        if not isinstance(said, Mapping) or "" in wrong:
            return Settings(), ALL
        left = {key: value for key, value in said.items() if key not in wrong}
        text = SourceText(source.path, yaml.safe_dump(left, allow_unicode=True))
        return load_settings(text, base, collectors().by_name), ALL & wrong
    except SettingsError:
        return Settings(), ALL


def _missing(source: SourceText, known: frozenset[str]) -> tuple[str, ...]:
    try:
        document = parse(source, error=SettingsError)
    except SettingsError:
        return ()
    named = (str(name) for _, name in document.find("inputs", "*", "collector"))
    return tuple(dict.fromkeys(name for name in named if name not in known))

"""sentinel.yml becomes Settings, or one error that names everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel

from sentinel.documents import Document, SourceText, Where, check, dotted, parse, read
from sentinel.errors import Fault, SettingsError
from sentinel.settings.across import cross_faults
from sentinel.settings.file import Settings


class CollectorClass(Protocol):
    """What the settings need to know of a collector: the model of its options."""

    @property
    def Options(self) -> type[BaseModel]:  # noqa: N802 - the collectors' contract writes it so
        """What the settings may say."""
        ...


def load_settings(
    source: SourceText, base: Path, collectors: Mapping[str, CollectorClass]
) -> Settings:
    """Read the settings; `base` is the folder that relative paths start from.

    Each input's `options` is an instance of its collector's own Options, which may look for
    `base` in pydantic's validation context.

    Raises:
        SettingsError: with every fault of the file, each with its line.
    """
    document = _with_default_inputs(parse(source, error=SettingsError))
    context = {"base": base}
    options, faults = _options(document, collectors, context)
    settings = check(
        document,
        Settings,
        error=SettingsError,
        others=[*faults, *cross_faults(document)],
        context=context,
    )
    inputs = tuple(
        one.model_copy(update={"options": made})
        for one, made in zip(settings.inputs, options, strict=True)
    )
    return settings.model_copy(update={"inputs": inputs})


def _with_default_inputs(document: Document) -> Document:
    """An absent `inputs` stands for the two syslog listeners; an empty list for none."""
    data = {} if document.data is None else document.data
    if not isinstance(data, dict) or "inputs" in data:
        return document
    inputs = [one.model_dump() for one in Settings.model_fields["inputs"].default]
    return replace(document, data={**data, "inputs": inputs})


def _options(
    document: Document, collectors: Mapping[str, CollectorClass], context: Mapping[str, object]
) -> tuple[list[BaseModel | None], list[Fault]]:
    """The validated options of each input, in order, and what is wrong with them."""
    made: list[BaseModel | None] = []
    faults: list[Fault] = []
    for where, name in document.find("inputs", "*", "collector"):
        collector = collectors.get(name) if isinstance(name, str) else None
        if collector is None:
            faults.append(_no_collector(document, where, str(name), collectors))
            continue
        at = (*where[:-1], "options")
        options, wrong = read(document, collector.Options, at=at, context=context)
        made.append(options)
        faults += wrong
    return made, faults


def _no_collector(
    document: Document, where: Where, name: str, collectors: Mapping[str, CollectorClass]
) -> Fault:
    near = get_close_matches(name, collectors, n=1)
    return Fault(
        document.place(where),
        "no such collector is installed" + (f", did you mean {near[0]!r}?" if near else ""),
        key=dotted(where),
        found=repr(name),
        allowed=", ".join(sorted(collectors)) or "none: no collector is installed",
    )

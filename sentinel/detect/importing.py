"""Public rules come in: what is new, what has changed, what somebody here has changed since.

Only decides; files are read and written by `sentinel rules import`. A rule is taken byte for byte,
so that its author's name and its licence stay with it, and what was edited here is never
overwritten unasked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from sentinel.detect.ruleset import RuleSet
from sentinel.errors import Fault
from sentinel.model.ids import RuleId
from sentinel.model.rule import RuleCard

MANIFEST = ".sentinel-import.json"  # hidden, so that nobody takes it for a rule

_VERSION = re.compile(r"\b(\d\.\d)\b")
# Each licence by the words that its text, or a page that names it, has.
_LICENCES = (
    ("Detection Rule License", "DRL"),
    ("Apache License", "Apache-2.0"),
    ("MIT License", "MIT"),
    ("GNU GENERAL PUBLIC LICENSE", "GPL-3.0"),
    ("Elastic License 2.0", "Elastic-2.0"),
)


class Change(StrEnum):
    """What an import does with one file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    MOVED = "moved"  # its rules stand in another file now: this one goes
    GONE = "gone"  # no more at the source
    EDITED = "edited"  # changed here: it stays, the source's version is put beside it
    REMOVED = "removed"  # taken away here: it stays away
    REFUSED = "refused"


class Policy(StrEnum):
    """What to do where the operator's files and the source differ."""

    KEEP = "keep"
    OVERWRITE = "overwrite"  # take the source's; the edit is kept beside it


class KnownFile(BaseModel):
    """A file as it was brought in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str
    ids: tuple[str, ...] = ()


class Manifest(BaseModel):
    """What an import has brought in, and from where."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    licence: str = ""
    imported: datetime
    rules: int = 0
    files: Mapping[str, KnownFile] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file at the source. `name` is its path below the source, with slashes."""

    name: str
    data: bytes
    ids: tuple[RuleId, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return digest(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What happens to one file; `by_force` says that an edit gives way."""

    name: str
    change: Change
    by_force: bool = False
    faults: tuple[Fault, ...] = ()


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return sha256(data).hexdigest()


def with_rules(
    offered: Sequence[Offered],
    ruleset: RuleSet,
    places: Mapping[str, str],
    taken: Mapping[str, str],
) -> list[Offered]:
    """The same files with what became of their rules.

    `places` gives for a file's name what faults call it; `taken` where ids stand that other rules
    here have already.
    """
    names = {place: name for name, place in places.items()}
    ids: dict[str, list[RuleId]] = {}
    faults: dict[str, list[Fault]] = {}
    for card in ruleset.cards:
        name = names.get(card.place.rpartition(":")[0])
        if name is None:
            continue
        ids.setdefault(name, []).append(card.id)
        if card.id in taken:
            message = f"a rule of this id stands at {taken[card.id]} already"
            fault = Fault(card.place, message, key="id", found=str(card.id))
            faults.setdefault(name, []).append(fault)
    for fault in ruleset.refused:
        name = names.get(fault.place) or names.get(fault.place.rpartition(":")[0])
        if name is not None:
            faults.setdefault(name, []).append(fault)
    return [
        replace(each, ids=tuple(ids.get(each.name, ())), faults=tuple(faults.get(each.name, ())))
        for each in offered
    ]


def plan(
    offered: Iterable[Offered],
    known: Manifest | None,
    present: Mapping[str, str],
    policy: Policy = Policy.KEEP,
    *,
    whole: bool,
) -> list[Move]:
    """What to do with each file, in order of name.

    `present` holds the digest of each file that is there now. `whole` says that the source was
    given whole: only then is a file that it does not have gone.
    """
    files = {each.name: each for each in offered}
    before = {} if known is None else known.files
    moves = [_move(each, before.get(each.name), present.get(each.name), policy)
             for each in files.values()]  # fmt: skip
    coming = {str(rule) for each in files.values() if not each.faults for rule in each.ids}
    if whole:
        moves += [
            move
            for name, file in before.items()
            if name not in files and name in present
            for move in [_left(name, file, present[name], coming)]
        ]
    return sorted(moves, key=lambda move: move.name)


def licence_of(text: str) -> str:
    """The licence that a LICENSE file names; "" where it is none that we know."""
    for words, name in _LICENCES:
        at = text.casefold().find(words.casefold())
        if at >= 0 and name == "DRL":
            version = _VERSION.search(text, at)
            return f"DRL {version[1]}" if version else "DRL"
        if at >= 0:
            return name
    return ""


def licence_in(manifest: bytes) -> str:
    """The licence that a manifest names; "" where it is none: no rule stays away for that."""
    try:
        return Manifest.model_validate_json(manifest).licence
    except ValidationError:
        return ""


def with_licences(ruleset: RuleSet, licences: Mapping[str, str]) -> RuleSet:
    """The same rules, each without a licence of its own with that of the folder it came in.

    `licences` are by the folder's path.
    """
    if not licences:
        return ruleset

    def licensed(card: RuleCard) -> RuleCard:
        if card.licence:
            return card
        above = [str(each) for each in PurePosixPath(card.place).parents]
        found = next((licences[each] for each in above if each in licences), "")
        return replace(card, licence=found) if found else card

    return replace(
        ruleset,
        rules=tuple(replace(rule, card=licensed(rule.card)) for rule in ruleset.rules),
        correlations=tuple(
            replace(each, card=licensed(each.card)) for each in ruleset.correlations
        ),
    )


def manifest_after(
    moves: Iterable[Move],
    offered: Collection[Offered],
    known: Manifest | None,
    *,
    source: str,
    licence: str,
    at: datetime,
    pruned: bool,
) -> Manifest:
    """What stands in the manifest when this has been done; the same where nothing changed."""
    by_name = {each.name: each for each in offered}
    files = {} if known is None else dict(known.files)
    for move in moves:
        there = by_name.get(move.name)
        if move.change is Change.MOVED or (move.change is Change.GONE and pruned):
            files.pop(move.name, None)
        elif there is not None and move.change is not Change.REFUSED:
            ids = tuple(str(rule) for rule in there.ids)
            files[move.name] = KnownFile(sha256=there.digest, ids=ids)
    count = sum(len(file.ids) for file in files.values())
    made = Manifest(source=source, licence=licence, imported=at, rules=count, files=files)
    if known is not None and made.model_copy(update={"imported": known.imported}) == known:
        return known
    return made


def _move(each: Offered, known: KnownFile | None, here: str | None, policy: Policy) -> Move:
    force = policy is Policy.OVERWRITE
    if each.faults:
        return Move(name=each.name, change=Change.REFUSED, faults=each.faults)
    if here == each.digest:
        return Move(name=each.name, change=Change.SAME)
    if here is None and known is None:
        return Move(name=each.name, change=Change.NEW)
    if here is None:
        return Move(name=each.name, change=Change.NEW if force else Change.REMOVED, by_force=force)
    if known is not None and here == known.sha256:
        return Move(name=each.name, change=Change.CHANGED)
    return Move(name=each.name, change=Change.CHANGED if force else Change.EDITED, by_force=force)


def _left(name: str, file: KnownFile, here: str, coming: Collection[str]) -> Move:
    """A file that the source does not have any more."""
    if here != file.sha256:
        return Move(name=name, change=Change.EDITED)
    moved = file.ids and all(rule in coming for rule in file.ids)
    return Move(name=name, change=Change.MOVED if moved else Change.GONE)

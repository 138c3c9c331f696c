"""`sentinel rules import`: public rules come into the operator's folder and keep their origin.

`sentinel.detect.importing` decides; here files are read and written, each whole or not at all, the
manifest last: an import that broke off is done again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from sentinel.cli import house
from sentinel.cli.screen import Screen, complain
from sentinel.cli.session import ConfigOption, JsonOption, Session, begin
from sentinel.detect.importing import (
    MANIFEST,
    Change,
    Manifest,
    Move,
    Offered,
    Policy,
    digest,
    licence_of,
    manifest_after,
    plan,
    with_rules,
)
from sentinel.detect.ruleset import RuleSet
from sentinel.documents import SourceText
from sentinel.errors import Fault, InputError
from sentinel.settings import Settings

UPSTREAM = ".upstream"  # beside an edited file: what the source has; no rule by its name
LOCAL_EDIT = ".local-edit"  # beside an overwritten one: what was edited here
SINGLE = "single-files"
LICENCE_FILES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENSE.Detection.Rules.md", "COPYING")

RULES = (".yml", ".yaml")

# What is told a file a line, the worst first; the rest is counted.
TOLD = (
    Change.REFUSED,
    Change.EDITED,
    Change.REMOVED,
    Change.GONE,
    Change.MOVED,
    Change.CHANGED,
    Change.NEW,
)
MOST_TOLD = 10  # lines a change; --json has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is brought in: files by their name below `root`."""

    root: Path
    files: Mapping[str, Path]
    whole: bool


def import_(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="A folder of Sigma rules, or rule files.")
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder for rules (default: the first of rules.paths)."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="What this source is called here (default: its folder's name)."),
    ] = None,
    licence: Annotated[
        str | None, typer.Option(help="Its licence (default: what its LICENSE file says).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let files that were changed here give way.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove rules that the source does not have any more.")
    ] = False,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Bring public rules in: checked, byte for byte, with their origin and their licence."""
    session = begin(context, config)
    source = _source(paths)
    target = _folder(session, to) / (name or _name(source))
    known = _manifest(target)
    offered = _checked(session.settings, source, target)
    policy = Policy.OVERWRITE if overwrite else Policy.KEEP
    moves = plan(offered, known, _present(target), policy, whole=source.whole)
    if licence is None:
        licence = _licence(source.root) or (known.licence if known else "")
    after = manifest_after(
        moves,
        offered,
        known,
        source=source.root.resolve().name,
        licence=licence,
        at=datetime.now(UTC).replace(microsecond=0),
        pruned=prune,
    )
    if not dry_run:
        _carry_out(moves, offered, source, target, prune=prune)
        if after != known:
            _write(target / MANIFEST, after.model_dump_json(indent=1).encode())
    _tell(session, moves, target, after, dry_run=dry_run, json=json)
    if any(move.change is Change.REFUSED for move in moves):
        raise typer.Exit(1)


def _source(paths: Sequence[Path]) -> Source:
    """The files to bring in: one folder, or some files.

    Raises:
        InputError: a folder beside other things, or something that is not there.
    """
    missing = [Fault(str(path), "there is no such file or folder") for path in paths
               if not path.exists()]  # fmt: skip
    if missing:
        raise InputError(missing)
    folders = [path for path in paths if path.is_dir()]
    if folders and len(paths) > 1:
        allowed = "one folder, or rule files"
        raise InputError([Fault(str(folders[0]), "folders come one at a time", allowed=allowed)])
    if folders:
        (root,) = folders
        below = [path for path in sorted(root.rglob("*")) if _is_rule(path, root)]
        files = {path.relative_to(root).as_posix(): path for path in below}
        return Source(root=root, files=files, whole=True)
    return Source(root=paths[0].parent, files={path.name: path for path in paths}, whole=False)


def _is_rule(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.is_file() and path.name.endswith(RULES) and not hidden


def _folder(session: Session, to: Path | None) -> Path:
    """The operator's folder for rules.

    Raises:
        InputError: none is named, and none stands in the settings.
    """
    folders = [path for path in session.settings.rules.paths if path.is_dir()]
    if to is None and not folders:
        message = "no folder for rules is set"
        allowed = "a folder in `rules.paths` of sentinel.yml, or --to DIR"
        raise InputError([Fault("rules.paths", message, allowed=allowed)])
    chosen = to or folders[0]
    inside = any(chosen.resolve().is_relative_to(path.resolve()) for path in folders)
    if not inside:
        session.screen.note(
            "{folder} is not in `rules.paths`: `sentinel run` does not load rules from there.",
            folder=chosen,
        )
    return chosen


def _name(source: Source) -> str:
    return source.root.resolve().name if source.whole else SINGLE


def _manifest(target: Path) -> Manifest | None:
    """What an earlier import says of itself.

    Raises:
        InputError: it cannot be read.
    """
    path = target / MANIFEST
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as cause:
        message = "this is not what an import has written; move the folder away to begin anew"
        raise InputError([Fault(str(path), message)]) from cause


def _present(target: Path) -> dict[str, str]:
    if not target.is_dir():
        return {}
    return {
        path.relative_to(target).as_posix(): digest(path.read_bytes())
        for path in target.rglob("*")
        if _is_rule(path, target)
    }


def _checked(settings: Settings, source: Source, target: Path) -> list[Offered]:
    """The files with what would become of their rules; read again until nothing more falls out.

    What counts rules of a refused file is refused with it.
    """
    offered = [Offered(name=name, data=path.read_bytes()) for name, path in source.files.items()]
    places = {name: str(path) for name, path in source.files.items()}
    reading = house.find.Reading(placeholders=house.assembly.placeholders_of(settings))
    taken = _taken(settings, target, reading)
    checked = with_rules(offered, _load(reading, offered, places), places, taken)
    while True:
        good = [each for each in checked if not each.faults]
        if len(good) == len(checked) or not any(b"correlation:" in each.data for each in good):
            return checked
        again = {
            each.name: each
            for each in with_rules(good, _load(reading, good, places), places, taken)
        }
        if not any(each.faults for each in again.values()):
            return checked
        checked = [again.get(each.name, each) for each in checked]


def _load(
    reading: house.find.Reading, offered: Sequence[Offered], places: Mapping[str, str]
) -> RuleSet:
    return reading.rules(_text(each, places[each.name]) for each in offered)


def _text(each: Offered, place: str) -> SourceText:
    try:
        return SourceText(place, each.data.decode())
    except UnicodeDecodeError:
        fault = Fault(place, "the file is not valid UTF-8", allowed="text saved as UTF-8")
        return SourceText(place, "", unreadable=fault)


def _taken(settings: Settings, target: Path, reading: house.find.Reading) -> dict[str, str]:
    """Where each id stands that rules outside of the target have."""
    own = target.resolve()
    others = [
        text
        for text in house.assembly.rule_texts(settings)
        if not Path(text.path).resolve().is_relative_to(own)
    ]
    return {str(card.id): card.place for card in reading.rules(others).cards}


def _licence(root: Path) -> str:
    """What a licence file in the folder says, or in one of the two above it."""
    for folder in (root.resolve(), *root.resolve().parents[:2]):
        for name in LICENCE_FILES:
            with suppress(OSError, UnicodeDecodeError):
                return licence_of((folder / name).read_text(encoding="utf-8"))
    return ""


def _carry_out(
    moves: Sequence[Move], offered: Sequence[Offered], source: Source, target: Path, *, prune: bool
) -> None:
    by_name = {each.name: each for each in offered}
    for move in moves:
        path = target / move.name
        if move.change in (Change.NEW, Change.CHANGED):
            if move.by_force and path.exists():
                _write(path.with_name(path.name + LOCAL_EDIT), path.read_bytes())
            _write(path, by_name[move.name].data)
        elif move.change is Change.EDITED and move.name in by_name:
            _write(path.with_name(path.name + UPSTREAM), by_name[move.name].data)
        elif move.change is Change.MOVED or (move.change is Change.GONE and prune):
            path.unlink()
    for name in LICENCE_FILES:
        if source.whole and (source.root / name).is_file():
            _write(target / name, (source.root / name).read_bytes())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; what is the same already is left alone."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(data)
    os.replace(aside, path)  # noqa: PTH105 - Path.replace is the same, this says that it is atomic


def _tell(
    session: Session,
    moves: Sequence[Move],
    target: Path,
    after: Manifest,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    screen = session.screen
    counts = Counter(move.change for move in moves)
    if json:
        screen.json(
            {
                "to": str(target),
                "licence": after.licence,
                "rules": after.rules,
                "dry_run": dry_run,
                "files": {
                    change.value: [move.name for move in moves if move.change is change]
                    for change in Change
                },
                "refused": [str(fault) for move in moves for fault in move.faults],
            }
        )
        return
    for move in moves:
        for fault in move.faults:
            complain(str(fault))
    for line in _lines(screen, moves):
        screen.line(line)
    if dry_run:
        screen.say("Nothing was written: --dry-run.")
    screen.say(
        "{target}: new {new}, changed {changed}, same {same}, moved {moved}, edited here {edited},"
        " removed here {removed}, gone at the source {gone}, refused {refused}. Rules: {rules}."
        " Licence: {licence}",
        target=target,
        rules=after.rules,
        licence=after.licence or screen.text("not stated"),
        **{change.value: counts[change] for change in Change},
    )


def _lines(screen: Screen, moves: Sequence[Move]) -> Iterator[str]:
    for change in TOLD:
        named = [move.name for move in moves if move.change is change]
        for name in named[:MOST_TOLD]:
            yield f"{screen.word(change.value)}: {name}"
        if len(named) > MOST_TOLD:
            more = screen.text("and {rest} more", rest=len(named) - MOST_TOLD)
            yield f"{screen.word(change.value)}: {more}"

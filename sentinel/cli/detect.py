"""`sentinel detect`: rules over files. Detections on standard output, the summary beside it.

One JSON object a detection and line. No settings are read, and nothing is stored but the rules as
they were read: the next start takes a second instead of many.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.live import Live
from rich.text import Text

from sentinel.cli import house, profile_page
from sentinel.cli.safe import as_json, harmless
from sentinel.cli.screen import Screen, complain, refuse, spoken
from sentinel.documents.kept import KeptFiles
from sentinel.errors import InputError

REFUSED = 1
WRONG_USE = 2


def detect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files of log records.")],
    *,
    rules: Annotated[
        list[Path],
        typer.Option(metavar="PATH", help="Rule file or folder; may be repeated."),
    ],
    pipeline: Annotated[
        str, typer.Option(help="Field names: auto, native, ecs, or a pySigma pipeline's name.")
    ] = "auto",
    format_: Annotated[
        str, typer.Option("--format", help="What the files are: auto, evtx, json, syslog, access.")
    ] = "auto",
    workers: Annotated[
        int, typer.Option(help="How many processes work; the result is the same.")
    ] = 1,
    placeholders: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file of values for placeholders in rules."),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read the rules afresh and keep nothing of them.")
    ] = False,
    profile: Annotated[
        bool, typer.Option("--profile", help="Say afterwards where the time went.")
    ] = False,
    profile_json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write where the time went, as JSON.")
    ] = None,
) -> None:
    """Hold rules against files, without a store: one JSON object a detection."""
    request = house.batch.DetectRequest(
        rules=tuple(rules),
        files=tuple(files),
        pipeline=pipeline,
        format=format_,
        workers=workers,
        placeholders=placeholders,
    )
    summary = house.batch.Summary()
    try:
        keep = None if no_cache else kept_rules(os.environ)
        found = house.batch.detect(request, summary, keep=keep)
    except InputError as error:
        refuse(error)
        raise typer.Exit(WRONG_USE) from error
    with _progress(summary):
        for detection in found:
            sys.stdout.write(line_of(detection) + "\n")
    sys.stdout.flush()
    screen = Screen(spoken(os.environ))
    tell(summary, screen)
    if profile:
        profile_page.show(summary.profile, screen)
    if summary.refused or not _written(summary, profile_json):
        raise typer.Exit(REFUSED)


def _written(summary: house.batch.Summary, path: Path | None) -> bool:
    try:
        if path is not None:
            profile_page.write(summary.profile, path)
    except OSError as error:
        refuse(error)
        return False
    return True


def kept_rules(environment: Mapping[str, str]) -> KeptFiles | None:
    """Where this user's caches are (XDG Base Directory Specification); None where there is none."""
    own = environment.get("SENTINEL_CACHE_DIR")
    if own:
        return KeptFiles(Path(own), complain)
    shared = environment.get("XDG_CACHE_HOME", "")
    home = environment.get("HOME", "")
    if not shared.startswith("/"):  # "must be absolute", else it is to be passed over
        shared = f"{home}/.cache" if home.startswith("/") else ""
    return KeptFiles(Path(shared, "sentinel"), complain) if shared else None


def line_of(detection: dict[str, object]) -> str:
    """One detection as a line of JSON that a terminal does not obey."""
    try:
        return harmless(orjson.dumps(detection).decode())
    except orjson.JSONEncodeError:  # a lone surrogate, or a number above 64 bits
        return as_json(detection)


def tell(summary: house.batch.Summary, screen: Screen) -> None:
    """Say how it went, and what was refused."""
    for fault in summary.refused:
        complain(" ".join(str(fault).splitlines()))
    screen.note(
        "Events: {events}. Detections: {detections}. Events a second: {rate}."
        " Rules loaded: {rules}. Refused: {refused}",
        events=summary.events,
        detections=summary.detections,
        rate=round(summary.events / summary.seconds) if summary.seconds else "-",
        rules=summary.rules_loaded,
        refused=len(summary.refused),
    )


@contextmanager
def _progress(summary: house.batch.Summary) -> Iterator[None]:
    """Count events on the terminal while the detections go elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield
        return
    console = Console(file=sys.stderr, markup=False, highlight=False, emoji=False)
    with Live(
        get_renderable=lambda: Text(f"{summary.events} / {summary.detections}"),
        console=console,
        transient=True,
        refresh_per_second=4,
    ):
        yield

"""What detection has cost, as tables beside the answer, and as JSON for machines."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

from sentinel.cli.safe import as_json
from sentinel.cli.screen import Screen
from sentinel.model.profile import DetectionProfile

DEAREST = 10


def show(profile: DetectionProfile, screen: Screen) -> None:
    """Print the profile on standard error; tables that would be empty are left out."""
    if profile.steps:
        screen.table(
            ["Step", "µs an event", "Events measured"],
            [[step.name, f"{step.microseconds:.2f}", str(step.events)] for step in profile.steps],
            stream=sys.stderr,
        )
    if profile.rules:
        screen.table(
            ["Rule", "ms in all", "Looked at", "Met", "Where"],
            [
                [
                    rule.title,
                    f"{rule.seconds * 1000:.2f}",
                    str(rule.looked_at),
                    str(rule.met),
                    rule.place,
                ]
                for rule in profile.rules[:DEAREST]
            ],
            stream=sys.stderr,
        )
    if profile.memories:
        screen.table(
            ["Memory", "Asked", "Had the answer", "Filled", "At most"],
            [
                [one.name, str(one.asked), f"{one.rate:.1%}", str(one.size), str(one.most)]
                for one in profile.memories
            ],
            stream=sys.stderr,
        )
    for rest in profile.resting:
        screen.note("Switched off for a while: {why}", why=rest.why)


def write(profile: DetectionProfile, path: Path) -> None:
    """Write the profile as one JSON object. Raises OSError."""
    path.write_text(as_json(as_object(profile)) + "\n", encoding="utf-8")


def as_object(profile: DetectionProfile) -> dict[str, object]:
    """The profile as JSON knows it: seconds, counts, shares of 0 to 1, times in ISO 8601."""
    return {
        "events": profile.events,
        "steps": [asdict(one) | {"microseconds": one.microseconds} for one in profile.steps],
        "rules": [asdict(one) for one in profile.rules],
        "memories": [asdict(one) | {"rate": one.rate} for one in profile.memories],
        "resting": [
            asdict(one) | {"since": one.since.isoformat(), "until": one.until.isoformat()}
            for one in profile.resting
        ],
    }

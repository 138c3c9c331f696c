"""`sentinel doctor`: is all well here, and if not, what is to be done?

It answers where every other command refuses: with settings that cannot be used, beside a running
service and without one. It changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import typer

from sentinel.cli import house
from sentinel.cli.screen import Screen, spoken
from sentinel.cli.session import ConfigOption, JsonOption
from sentinel.model.checkup import Check, CheckStatus

# How each looks: its shape, so that no meaning is in the colour alone, and rich's style.
SHOWN = {
    CheckStatus.FAIL: ("✗", "bold red"),
    CheckStatus.WARN: ("▲", "bold yellow"),
    CheckStatus.UNKNOWN: ("?", "bold magenta"),
    CheckStatus.OK: ("✓", "green"),
}
WORST_FIRST = tuple(SHOWN)


def doctor(context: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Look at everything: what is wrong, why it matters, what to do. Changes nothing."""
    reading = house.doctor.read_settings(config or context.find_root().obj)
    language = reading.settings.language
    if "language" in reading.broken:
        language = spoken(os.environ)
    screen = Screen(language, reading.settings.time_zone)
    checks = house.doctor.examine(house.doctor.from_outside(reading, house.wiring.SystemClock()))
    well = all(check.status is not CheckStatus.FAIL for check in checks)
    if json:
        screen.json({"ok": well, "checks": [_shape(check, screen) for check in checks]})
    else:
        show(checks, screen)
    raise typer.Exit(0 if well else 1)


def show(checks: Sequence[Check], screen: Screen) -> None:
    """Worst first; what is in order is a line each."""
    for check in sorted(checks, key=lambda one: WORST_FIRST.index(one.status)):
        shape, style = SHOWN[check.status]
        mark = f"{shape} {_word(check.status, screen)}"
        if check.status is CheckStatus.OK:
            screen.marked(mark, style, check.found[screen.language])
            continue
        screen.marked(mark, style, check.id)
        screen.line(check.found[screen.language], indent=2)
        screen.line(check.why[screen.language], indent=2)
        if check.remedy is not None:
            screen.line(f"→ {check.remedy[screen.language]}", indent=2)
    counts = {status: sum(check.status is status for check in checks) for status in CheckStatus}
    screen.heading("Summary")
    screen.say(
        "Wrong: {fail}. Attention: {warn}. Could not be seen: {unknown}. In order: {ok}.",
        **{status.value: count for status, count in counts.items()},
    )


def _word(status: CheckStatus, screen: Screen) -> str:
    match status:
        case CheckStatus.FAIL:
            return screen.text("WRONG")
        case CheckStatus.WARN:
            return screen.text("ATTENTION")
        case CheckStatus.UNKNOWN:
            return screen.text("UNKNOWN")
        case CheckStatus.OK:
            return screen.text("OK")


def _shape(check: Check, screen: Screen) -> dict[str, str | None]:
    return {
        "id": check.id,
        "status": check.status.value,
        "found": check.found[screen.language],
        "why": check.why[screen.language],
        "remedy": None if check.remedy is None else check.remedy[screen.language],
    }

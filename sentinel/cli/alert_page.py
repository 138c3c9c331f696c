"""One alert on a terminal, in the order an analyst asks.

Why did it fire? How bad is it, and why? When? What is the evidence? Who was told, and did they
acknowledge? What can I do?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sentinel.cli.screen import Screen
from sentinel.cli.story import copies, history
from sentinel.model.alert import Alert, AlertState
from sentinel.model.warning import AgencyWarning, WarningState
from sentinel.warn.fill import filled
from sentinel.wording import (
    alert_state_word,
    confidence_word,
    disposition_word,
    reason_words,
    severity_word,
    warning_state_word,
)


def alert_page(screen: Screen, alert: Alert, warnings: Sequence[AgencyWarning]) -> None:
    """Print the page."""
    _head(screen, alert)
    _why(screen, alert)
    _how_bad(screen, alert)
    _when(screen, alert)
    _evidence(screen, alert)
    _told(screen, warnings)
    _to_do(screen, alert, warnings)


def _head(screen: Screen, alert: Alert) -> None:
    advice = alert.card.advice
    screen.line(alert.card.title if advice is None else advice.title[screen.language])
    screen.say(
        "Alert {alert}, {state}, agency {agency}",
        alert=alert.id,
        state=alert_state_word(alert.state, screen.language),
        agency=alert.agency or screen.text("unassigned"),
    )
    if alert.disposition is not None:
        screen.say(
            "Closed as: {disposition}",
            disposition=disposition_word(alert.disposition, screen.language),
        )
    if alert.assignee:
        screen.say("In the hands of: {who}", who=alert.assignee)
    if alert.previous is not None:
        screen.say("The alert of the same cause before it: {alert}", alert=alert.previous)


def _why(screen: Screen, alert: Alert) -> None:
    screen.heading("Why it fired")
    card = alert.card
    if card.advice is not None:
        _prose(
            screen, filled(card.advice.seen[screen.language], alert, screen.language, screen.zone)
        )
    _prose(screen, card.description)
    _pairs(screen, alert.subject)
    if alert.asset is not None:
        screen.line(screen.text("Information system: {asset}", asset=alert.asset), indent=2)
    screen.line(screen.text("Rule: {title} ({id})", title=card.title, id=card.id), indent=2)
    if card.author:
        screen.line(screen.text("Author: {author}", author=card.author), indent=2)
    if card.licence:
        screen.line(screen.text("Licence: {licence}", licence=card.licence), indent=2)
    if card.place:
        screen.line(screen.text("Written at: {place}", place=card.place), indent=2)
    if card.tags:
        screen.line(screen.text("Tags: {tags}", tags=", ".join(card.tags)), indent=2)
    for known in card.false_positives:
        screen.line(screen.text("Known false alarm: {known}", known=known), indent=2)


def _how_bad(screen: Screen, alert: Alert) -> None:
    screen.heading("How bad, and why")
    screen.line(
        screen.text(
            "Score {score} of 100: {severity}",
            score=alert.score.points,
            severity=severity_word(alert.score.severity, screen.language),
        ),
        indent=2,
    )
    for reason in alert.score.reasons:
        screen.line(reason_words(reason, screen.language), indent=4)
    confidence = confidence_word(alert.card.confidence, screen.language)
    screen.line(screen.text("Confidence: {confidence}", confidence=confidence), indent=2)


def _when(screen: Screen, alert: Alert) -> None:
    screen.heading("When")
    first, last = screen.time(alert.first_seen), screen.time(alert.last_seen)
    screen.line(screen.text("From {first} to {last}", first=first, last=last), indent=2)
    screen.line(
        screen.text(
            "Detections: {detections}. Log lines: {events}. Opened: {opened}",
            detections=alert.detections,
            events=alert.events,
            opened=screen.time(alert.opened),
        ),
        indent=2,
    )


def _evidence(screen: Screen, alert: Alert) -> None:
    screen.heading("Evidence")
    for evidence in alert.evidence:
        screen.line(f"{screen.time(evidence.at)}  {evidence.event}", indent=2)
        screen.line(evidence.raw, indent=4)
        _pairs(screen, evidence.matched, indent=6)
    if not alert.evidence:
        screen.line(screen.text("none"), indent=2)


def _told(screen: Screen, warnings: Sequence[AgencyWarning]) -> None:
    screen.heading("Who was told")
    for warning in warnings:
        screen.line(
            screen.text(
                "Warning {warning}: {state}. To be acknowledged by: {at}",
                warning=warning.number or warning.id,
                state=warning_state_word(warning.state, screen.language),
                at=screen.time(warning.acknowledge_by),
            ),
            indent=2,
        )
        copies(screen, warning.deliveries)
    if not warnings:
        screen.line(screen.text("Nobody: there is no warning of this alert."), indent=2)


def _to_do(screen: Screen, alert: Alert, warnings: Sequence[AgencyWarning]) -> None:
    if alert.history:
        screen.heading("History")
        history(screen, alert.history)
    screen.heading("What you can do")
    if alert.card.advice is not None:
        for number, action in enumerate(alert.card.advice.actions[screen.language], start=1):
            said = filled(action, alert, screen.language, screen.zone)
            screen.line(f"{number}. {said}", indent=2)
    for command in _commands(alert, warnings):
        screen.line(command, indent=2)


def _commands(alert: Alert, warnings: Sequence[AgencyWarning]) -> list[str]:
    """The commands that this alert's state allows."""
    commands = [
        f"sentinel warnings approve {warning.id}"
        for warning in warnings
        if warning.state is WarningState.DRAFT
    ]
    if alert.state is AlertState.CLOSED:
        return commands
    if alert.state is AlertState.NEW:
        commands.append(f"sentinel alerts ack {alert.id}")
    commands.append(f"sentinel alerts take {alert.id}")
    commands.append(f"sentinel alerts close {alert.id} --disposition ... --reason ...")
    return commands


def _prose(screen: Screen, text: str) -> None:
    for line in text.splitlines():
        if line.strip():
            screen.line(line.strip(), indent=2)


def _pairs(screen: Screen, pairs: Mapping[str, str], indent: int = 2) -> None:
    for name, value in pairs.items():
        shown = name or screen.text("keyword")
        screen.line(f"{shown} = {value}", indent=indent)

"""policy.yml: what the law and the coordinator decide, with source and date of each decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from sentinel.documents import Allowed, SourceText, check, parse
from sentinel.errors import SettingsError
from sentinel.model.agency import SecurityLevel, Tlp
from sentinel.model.policy import Deadlines, Policy, ScoreWeights
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import LocalText
from sentinel.settings.registry import Level
from sentinel.settings.values import Block, BothLanguages, Id, Series, Whole

Member = TypeVar("Member")
Entry = TypeVar("Entry")

MAX_POINTS = 100


def _severity(value: object) -> object:
    return Severity.of_word(value) if isinstance(value, str) else value


def _for_each(
    members: Iterable[Member], word: Callable[[Member], str]
) -> Callable[[dict[Member, Entry]], dict[Member, Entry]]:
    """Make a test that a mapping has an entry for each of these."""
    wanted = list(members)

    def complete(entries: dict[Member, Entry]) -> dict[Member, Entry]:
        missing = [word(member) for member in wanted if member not in entries]
        if missing:
            raise ValueError(f"there is no entry for: {', '.join(missing)}")
        return entries

    return complete


def _level_word(level: SecurityLevel) -> str:
    return "unknown" if level is SecurityLevel.UNKNOWN else str(level.value)


Points = Annotated[Whole, Field(ge=-MAX_POINTS, le=MAX_POINTS)]
Minutes = Annotated[Whole, Field(ge=1, le=60 * 24 * 31)]
Hours = Annotated[Whole, Field(ge=1, le=24 * 366)]
SeverityWord = Annotated[
    Severity,
    BeforeValidator(_severity),
    Allowed(", ".join(severity.word for severity in Severity)),
]
EverySeverity = AfterValidator(_for_each(Severity, lambda severity: severity.word))
EveryLevel = AfterValidator(_for_each(SecurityLevel, _level_word))
EveryConfidence = AfterValidator(_for_each(Confidence, lambda confidence: confidence.value))
EveryLabel = AfterValidator(_for_each(Tlp, lambda label: label.value))


class TriageBlock(Block):
    """How soon somebody of the desk looks at a new alert."""

    minutes: Annotated[dict[SeverityWord, Minutes], EverySeverity] = Field(
        description="Minutes from the alert's opening, for each severity."
    )


class AcknowledgeBlock(Block):
    """How long an agency has to say that it has a warning."""

    hours: Annotated[dict[SeverityWord, Hours], EverySeverity] = Field(
        description="Hours from approval, for each severity."
    )
    source: BothLanguages = Field(description="Who decided that.")


class ReportBlock(Block):
    """How long an agency has to send its initial report."""

    days: Annotated[Whole, Field(ge=1, le=366)] = Field(description="Days from detection.")
    source: BothLanguages = Field(description="The article that says so.")


class DeadlinesBlock(Block):
    """The time limits of the desk and of a warning."""

    triage: TriageBlock = Field(description="To look at a new alert.")
    acknowledge: AcknowledgeBlock = Field(description="To say: we have it.")
    report: ReportBlock = Field(description="To send the initial report.")

    def value(self) -> Deadlines:
        """As the inside knows them."""
        return Deadlines(
            triage={
                severity: timedelta(minutes=minutes)
                for severity, minutes in self.triage.minutes.items()
            },
            acknowledge={
                severity: timedelta(hours=hours)
                for severity, hours in self.acknowledge.hours.items()
            },
            report=timedelta(days=self.report.days),
            source=LocalText(
                vi=f"{self.acknowledge.source.vi}; {self.report.source.vi}",
                en=f"{self.acknowledge.source.en}; {self.report.source.en}",
            ),
        )


class RepetitionStep(Block):
    """Points for an alert that goes on."""

    detections: Annotated[Whole, Field(ge=2)] = Field(description="From this many detections on.")
    points: Points = Field(description="That many points.")


def _rising(steps: tuple[RepetitionStep, ...]) -> tuple[RepetitionStep, ...]:
    for one, next_one in pairwise(steps):
        if next_one.detections <= one.detections or next_one.points <= one.points:
            raise ValueError("the steps must rise, in detections and in points")
    return steps


class ScoreBlock(Block):
    """The points a score is made of."""

    level: Annotated[dict[SeverityWord, Points], EverySeverity] = Field(
        description="For the rule's level."
    )
    asset: Annotated[dict[Level, Points], EveryLevel] = Field(
        description="For the official level of the information system concerned."
    )
    confidence: Annotated[dict[Confidence, Points], EveryConfidence] = Field(
        description="For how far the rule's word is trusted."
    )
    repetition: Annotated[tuple[RepetitionStep, ...], AfterValidator(_rising)] = Field(
        default=(), description="For an alert that goes on."
    )

    def value(self) -> ScoreWeights:
        """As the inside knows them."""
        return ScoreWeights(
            level=self.level,
            asset=self.asset,
            confidence=self.confidence,
            repetition=tuple((step.detections, step.points) for step in self.repetition),
        )


class PolicyFile(Block):
    """The whole file."""

    name: Id = Field(description="Names the policy: its folder's name.")
    version: date = Field(description="The day of its last change.")
    validity: BothLanguages = Field(description="What is known of whether it is in force.")
    series: Series = Field(description="Begins a warning's number: CB gives CB-2026-000123.")
    deadlines: DeadlinesBlock = Field(description="The time limits of the desk and of a warning.")
    score: ScoreBlock = Field(description="The points a score is made of.")
    tlp: Annotated[dict[Tlp, BothLanguages], EveryLabel] = Field(
        description="What each TLP label lets its reader do."
    )


def load_policy(source: SourceText) -> Policy:
    """Read a policy.

    Raises:
        SettingsError: with every fault of the file, each with its line.
    """
    document = parse(source, error=SettingsError)
    made = check(document, PolicyFile, error=SettingsError)
    return Policy(
        name=made.name,
        version=made.version.isoformat(),
        series=made.series,
        deadlines=made.deadlines.value(),
        weights=made.score.value(),
        tlp_meaning={label: meaning.local() for label, meaning in made.tlp.items()},
    )

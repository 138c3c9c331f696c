"""What the law and the coordinator decide, as values: read from versioned data, never from code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sentinel.model.agency import SecurityLevel, Tlp
from sentinel.model.rule import Confidence
from sentinel.model.severity import Severity
from sentinel.model.text import LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who warns: the sender an officer sees, and where the officer can turn.

    `public_url` is where acknowledge links lead, without a slash at the end. `mail_domain` is the
    right side of Message-IDs. `zone` is the time zone of letters.
    """

    name: LocalText
    phone: str
    email: str
    public_url: str
    mail_domain: str
    zone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long people have.

    `triage`: the desk, from an alert's opening to somebody's look at it. `acknowledge`: the
    agency, from approval. `report`: the agency, from detection. `source` names the legal text or
    the policy that the agency's two come from, for people.
    """

    triage: Mapping[Severity, timedelta]
    acknowledge: Mapping[Severity, timedelta]
    report: timedelta
    source: LocalText


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWeights:
    """Points of a score. `repetition` pairs "from this many detections on" with points, rising."""

    level: Mapping[Severity, int]
    asset: Mapping[SecurityLevel, int]
    confidence: Mapping[Confidence, int]
    repetition: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One country's rule set. `series` begins a warning's number: "CB" gives "CB-2026-000123"."""

    name: str
    version: str
    series: str
    deadlines: Deadlines
    weights: ScoreWeights
    tlp_meaning: Mapping[Tlp, LocalText]

"""What `sentinel detect` is asked to do, and how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sentinel.errors import Fault, InputError
from sentinel.model.profile import DetectionProfile

OWN_PIPELINES = ("auto", "native", "ecs")  # they change no rule
FORMATS = ("auto", "evtx", "json", "syslog", "access")
LATER_FORMATS = ("eve", "zeek", "cef", "auditd", "pcap")


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectRequest:
    """What to hold against what. `workers` is how many processes work; the result is the same.

    `placeholders` is a file of their values, by itself the shipped one.
    """

    rules: tuple[Path, ...]
    files: tuple[Path, ...]
    pipeline: str = "auto"
    format: str = "auto"
    workers: int = 1
    placeholders: Path | None = None


@dataclass(slots=True, kw_only=True)
class Summary:
    """How it went; complete when the last detection was taken. `refused` says what, and why."""

    events: int = 0
    detections: int = 0
    seconds: float = 0.0
    rules_loaded: int = 0
    refused: list[Fault] = field(default_factory=list)
    profile: DetectionProfile = field(default_factory=DetectionProfile)


def check(request: DetectRequest) -> None:
    """Look at what can be looked at without a file.

    Raises:
        InputError: there is no such format, or too few workers.
    """
    faults = []
    if request.format in LATER_FORMATS:
        message = f"the format {request.format} is not supported yet"
        faults.append(Fault("--format", message, allowed=", ".join(FORMATS)))
    elif request.format not in FORMATS:
        allowed = ", ".join(FORMATS)
        faults.append(Fault("--format", "no such format", found=request.format, allowed=allowed))
    if request.workers < 1:
        faults.append(Fault("--workers", "there must be one at least", found=str(request.workers)))
    if faults:
        raise InputError(faults)

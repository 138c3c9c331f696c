"""Every metric there is, each a line: its name, what it says, its label, where it comes from.

Labels hold what operators chose (sources, inputs, rules) or what the code names (steps, caches):
never what a log line, a mail server or an agency says. `docs/metrics.md` tells the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sentinel.model.profile import DetectionProfile, Resting
from sentinel.ports import Measures, ServiceStatus

DEAREST = 10  # rules that have metrics of their own

Sample = tuple[str, float]  # the label's value ("" where there is none), and the figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look at the service."""

    status: ServiceStatus
    measures: Measures
    profile: DetectionProfile
    resting: Sequence[Resting] = ()


class Kind(StrEnum):
    """COUNTER only grows while the service runs; GAUGE goes up and down."""

    COUNTER = "counter"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """`name` is the family's, without "_total"; `unit` its ending (OpenMetrics 1.0, Unit)."""

    name: str
    says: str
    kind: Kind
    samples: Callable[[Seen], Iterable[Sample]]
    label: str = ""
    unit: str = ""


def _gauge(name: str, says: str, value: Callable[[Seen], float], unit: str = "") -> Metric:
    return Metric(
        name=name, says=says, kind=Kind.GAUGE, unit=unit, samples=lambda seen: [("", value(seen))]
    )


def _counter(name: str, says: str, value: Callable[[Seen], float]) -> Metric:
    return Metric(name=name, says=says, kind=Kind.COUNTER, samples=lambda seen: [("", value(seen))])


def _counted(meter: str, name: str, says: str, label: str = "") -> Metric:
    """Show a counter of the meter's; its other labels are summed up."""
    return Metric(
        name=name,
        says=says,
        kind=Kind.COUNTER,
        label=label,
        samples=lambda seen: _sums(seen, meter, label),
    )


def _each(
    name: str,
    says: str,
    label: str,
    samples: Callable[[Seen], Iterable[Sample]],
    *,
    kind: Kind = Kind.COUNTER,
    unit: str = "",
) -> Metric:
    return Metric(name=name, says=says, kind=kind, label=label, unit=unit, samples=samples)


def _sums(seen: Seen, meter: str, label: str) -> Iterable[Sample]:
    """Add up; whoever is known begins at 0, so that the first event is an increase."""
    sums = dict.fromkeys(_known(seen, label), 0)
    for count in seen.measures.counts:
        if count.name == meter:
            value = count.labels.get(label, "") if label else ""
            sums[value] = sums.get(value, 0) + count.amount
    return sums.items()


def _known(seen: Seen, label: str) -> Iterable[str]:
    if label == "source":
        return [one.source for one in seen.status.sources if one.source and one.input]
    if label == "input":
        return [one.name for one in seen.status.inputs]
    return [""]


# The meter's counters -> the metrics they are shown as. None is left out: a test looks.
COUNTED: Sequence[tuple[str, Metric]] = tuple(
    (meter, _counted(meter, f"sentinel_{name or meter}", says, label))
    for meter, name, says, label in (
        ("records", "", "Records taken into the journal.", "input"),
        ("records_dropped", "", "Records lost before the journal.", "input"),
        ("records_truncated", "", "Records cut to the longest that is kept.", "input"),
        ("journal_full_waits", "", "Waits for room on the disk.", "input"),
        ("input_restarts", "", "Starts of an input after a failure.", "input"),
        ("input_failures", "", "Failures of an input.", "input"),
        ("events", "", "Events detected on.", "source"),
        ("events_unparsed", "", "Events that no format fitted; kept as they are.", "source"),
        ("events_passed_over", "", "Events that a stage was not made for.", "source"),
        ("detections", "", "Times that a rule was met.", ""),
        ("detections_suppressed", "", "Detections that a suppression hid.", ""),
        ("alerts_opened", "", "Alerts opened.", ""),
        ("warnings_drafted", "", "Warnings drafted by the system.", ""),
        (
            "warnings_without_recipient",
            "",
            "Drafts that wait because their agency has no contact.",
            "",
        ),
        ("mail_attempts", "", "Letters handed to the mail server, repeats included.", ""),
        ("mail_accepted", "", "Letters that it took.", ""),
        ("mail_deferred", "", "Attempts that it put off.", ""),
        ("mail_unknown", "", "Attempts whose outcome nobody knows; they are repeated.", ""),
        ("mail_failed", "", "Letters given up for good.", ""),
    )
)

STANDING: Sequence[Metric] = (
    _gauge(
        "sentinel_ready",
        "1 while records are taken and acted on, else 0.",
        lambda seen: seen.status.ready,
    ),
    _gauge(
        "sentinel_problems",
        "What the service complains of, in number; /doctor has the sentences.",
        lambda seen: len(seen.status.problems),
    ),
    _each(
        "sentinel_input_running",
        "1 while the input is at work, else 0.",
        "input",
        lambda seen: [(one.name, one.state == "running") for one in seen.status.inputs],
        kind=Kind.GAUGE,
    ),
    _counter(
        "sentinel_journal_records",
        "The number of the newest record in the journal, since its beginning.",
        lambda seen: seen.measures.journal_records,
    ),
    _gauge(
        "sentinel_journal_lag_records",
        "Records journalled and not yet detected on.",
        lambda seen: seen.status.lag,
    ),
    _gauge(
        "sentinel_journal_size_bytes",
        "Size of the journal's files.",
        lambda seen: seen.measures.journal_bytes,
        "bytes",
    ),
    _gauge(
        "sentinel_store_lag_records",
        "Records journalled whose events are not sealed in the store yet.",
        lambda seen: max(seen.measures.journal_records - seen.measures.store_records, 0),
    ),
    _gauge(
        "sentinel_store_size_bytes",
        "Size of the event store's files.",
        lambda seen: seen.measures.store_bytes,
        "bytes",
    ),
    _gauge(
        "sentinel_outbox_letters",
        "Letters that have not left yet.",
        lambda seen: seen.measures.outbox,
    ),
    _gauge(
        "sentinel_rules_loaded",
        "Rules and correlations at work.",
        lambda seen: seen.status.rules,
    ),
    _gauge(
        "sentinel_rules_refused",
        "Faults in rules; a rule with a fault does not run.",
        lambda seen: len(seen.status.rules_refused),
    ),
    _gauge(
        "sentinel_rules_resting",
        "Rules that are switched off now because they took too long.",
        lambda seen: len(seen.resting),
    ),
    _counter(
        "sentinel_rule_rests",
        "Times that a rule was switched off for a while.",
        lambda seen: sum(one.times for one in seen.profile.resting),
    ),
    _gauge(
        "sentinel_correlation_windows_dropped",
        "Kept windows of correlations that could not be taken up at the start.",
        lambda seen: seen.measures.windows_dropped,
    ),
)

PROFILE: Sequence[Metric] = (
    _counter(
        "sentinel_detection_events",
        "Events held against the rules.",
        lambda seen: seen.profile.events,
    ),
    _each(
        "sentinel_step_duration_seconds",
        "Time that was measured in a step, over the events of sentinel_step_events.",
        "step",
        lambda seen: [(one.name, one.seconds) for one in seen.profile.steps],
        unit="seconds",
    ),
    _each(
        "sentinel_step_events",
        "Events whose way through a step was measured: a sample of all, or all.",
        "step",
        lambda seen: [(one.name, one.events) for one in seen.profile.steps],
    ),
    _each(
        "sentinel_rule_duration_seconds",
        f"Time spent in each of the {DEAREST} dearest rules.",
        "rule",
        lambda seen: [(one.rule, one.seconds) for one in seen.profile.rules[:DEAREST]],
        unit="seconds",
    ),
    _each(
        "sentinel_rule_looks",
        f"Events held closely against each of the {DEAREST} dearest rules.",
        "rule",
        lambda seen: [(one.rule, one.looked_at) for one in seen.profile.rules[:DEAREST]],
    ),
    _each(
        "sentinel_rule_met",
        f"Events that met each of the {DEAREST} dearest rules.",
        "rule",
        lambda seen: [(one.rule, one.met) for one in seen.profile.rules[:DEAREST]],
    ),
    _each(
        "sentinel_cache_lookups",
        "Questions to a memory of the matcher.",
        "cache",
        lambda seen: [(one.name, one.asked) for one in seen.profile.memories],
    ),
    _each(
        "sentinel_cache_hits",
        "Questions to which it had the answer.",
        "cache",
        lambda seen: [(one.name, one.known) for one in seen.profile.memories],
    ),
    _each(
        "sentinel_cache_entries",
        "Answers that it holds.",
        "cache",
        lambda seen: [(one.name, one.size) for one in seen.profile.memories],
        kind=Kind.GAUGE,
    ),
    _each(
        "sentinel_cache_entries_limit",
        "Answers that it holds at most.",
        "cache",
        lambda seen: [(one.name, one.most) for one in seen.profile.memories],
        kind=Kind.GAUGE,
    ),
)

METRICS: Sequence[Metric] = (*(metric for _, metric in COUNTED), *STANDING, *PROFILE)

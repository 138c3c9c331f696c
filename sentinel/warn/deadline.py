"""By when an agency must acknowledge and report; how long that is, the policy says.

Two clocks: acknowledging counts from approval, because before that nobody outside knew; reporting
counts from detection, because the law says so (Circular 20/2017/TT-BTTTT, article 9, as the
policy's source names it). Both are calendar time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sentinel.model.policy import Deadlines
from sentinel.model.severity import Severity

_MINUTE = timedelta(minutes=1)


def acknowledge_by(deadlines: Deadlines, severity: Severity, approved: datetime) -> datetime:
    """When a warning of this severity, approved then, must have been acknowledged (UTC)."""
    return _whole_minute(approved + deadlines.acknowledge[severity])


def report_by(deadlines: Deadlines, detected: datetime, acknowledge: datetime) -> datetime:
    """When the initial report is due (UTC): `detected` is when the alert was opened.

    Detection is when a rule fired, not when the attacker came: a log line that came two days late
    costs the agency nothing. A warning approved late never asks for a report before it asks to be
    acknowledged.
    """
    return max(_whole_minute(detected + deadlines.report), acknowledge)


def _whole_minute(at: datetime) -> datetime:
    """Round up: letters show minutes, and what is stored must be what was read."""
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + _MINUTE

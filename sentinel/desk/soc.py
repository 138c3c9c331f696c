"""The whole desk over a state database; the web and the commands share it."""

from __future__ import annotations

from sentinel.desk.alerts import AlertDesk
from sentinel.desk.jobs import JobDesk
from sentinel.desk.registry import RegistryDesk
from sentinel.desk.suppressing import SuppressionDesk
from sentinel.desk.warnings import WarningDesk


class SocDesk(AlertDesk, JobDesk, WarningDesk, SuppressionDesk, RegistryDesk):
    """`ports.Desk` and `ports.Suppressing`; `work` is what a service calls beside them."""

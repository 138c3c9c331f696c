"""Every logsource that an event here can have: what rules are worth loading for."""

from __future__ import annotations

from collections.abc import Iterator

from sentinel.model.event import Fields
from sentinel.normalise.programs import PROGRAMS, WEB_PRODUCTS
from sentinel.normalise.windows.channels import (
    CATEGORY,
    PRODUCT,
    SERVICE,
    SERVICES,
    SYSMON,
    logsource_of,
)

# Events outside of Sysmon's log that are of a category by their number.
_NUMBERS = (0, 400, 600, 800, 4103, 4104, 4657, 4688)
_KERNEL = ("File", "Network", "Process", "Registry")


def logsources() -> Iterator[Fields]:
    """The `sentinel.logsource.*` fields of each kind of event that is read, each once or more."""
    for program in PROGRAMS.values():
        yield {PRODUCT: "linux", SERVICE: [*program.services, "pam"]}
    for product in {"", *WEB_PRODUCTS.values()}:
        fields: Fields = {CATEGORY: "webserver", SERVICE: "access"}
        yield {**fields, PRODUCT: product} if product else fields
    for number in SYSMON:
        yield logsource_of("Microsoft-Windows-Sysmon/Operational", "", number)
        yield logsource_of("Linux-Sysmon/Operational", "", number)
    for channels in SERVICES.values():
        for number in _NUMBERS:
            yield logsource_of(channels[0], "", number)
    for part in _KERNEL:
        yield logsource_of("", f"Microsoft-Windows-Kernel-{part}", None)

"""The registry of agencies as the desk changes it: whole imports, checked before they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sentinel.desk.seat import Seat
from sentinel.errors import Fault, RegistryError
from sentinel.model.agency import Agency, Others
from sentinel.model.attribution import clashes
from sentinel.model.ids import AgencyId


class RegistryDesk(Seat):
    """Who is watched and warned."""

    def agencies(self) -> Sequence[Agency]:
        """The registry, by id."""
        with self._state.reading() as state:
            agencies = state.registry().agencies
        return [agencies[agency] for agency in sorted(agencies)]

    def import_agencies(
        self, agencies: Sequence[Agency], who: str, others: Others = Others.KEEP
    ) -> Sequence[AgencyId]:
        """Add or replace these agencies, all or none; returns what was changed or removed.

        Raises:
            RegistryError: a source would belong to two agencies, or a parent is missing.
        """
        del who  # the audit log that will want it does not exist yet
        with self._state.transaction() as state:
            known = dict(state.registry().agencies)
            named = {agency.id: agency for agency in agencies}
            gone = [] if others is Others.KEEP else [one for one in known if one not in named]
            after = {one: agency for one, agency in known.items() if one not in gone} | named
            faults = clashes(after.values()) + _orphans(after)
            if faults:
                raise RegistryError([Fault("registry", fault) for fault in faults])
            changed = [one for one, agency in named.items() if known.get(one) != agency]
            state.put_agencies([named[one] for one in changed])
            state.remove_agencies(gone)
        return [*changed, *gone]


def _orphans(agencies: Mapping[AgencyId, Agency]) -> list[str]:
    return [
        f"parent {agency.parent} of {agency.id} is not registered"
        for agency in agencies.values()
        if agency.parent is not None and agency.parent not in agencies
    ]

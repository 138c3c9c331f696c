"""The registry as the service uses it: who sends, whose event, which system."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from threading import Lock

from sentinel.model.attribution import Attribution
from sentinel.model.ids import InputName
from sentinel.model.record import Received, Record
from sentinel.ports import State

SENDERS = 4096  # that are remembered with their owners: few send much


class Roll:
    """The registry as the stages use it: who sends, whose event, which system. Thread-safe."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = Lock()
        self._version = -1
        self._use(Attribution.empty())
        self.refresh()

    @property
    def attribution(self) -> Attribution:
        """The newest registry that was seen."""
        return self._attribution

    def refresh(self) -> None:
        """Look whether the registry has changed."""
        with self._lock, self._state.reading() as state:
            version = state.registry_version()
            if version != self._version:
                self._use(Attribution(state.registry()))
                self._version = version

    def stamp(self, input_name: InputName, received: Received) -> Record:
        """Say whose a record is, by the input and the address it came from."""
        owner = self._sender(input_name, received.peer)
        record = Record(
            raw=received.raw,
            at=received.at,
            input=input_name,
            source=None,
            peer=received.peer,
            origin=received.origin,
            position=received.position,
            truncated=received.truncated,
        )
        if owner is None:
            return record
        source = owner.source
        return replace(
            record,
            source=source.id,
            agency=owner.agency.id,
            format=source.format,
            time_zone=source.time_zone,
        )

    def _use(self, attribution: Attribution) -> None:
        self._attribution = attribution
        self._sender = lru_cache(SENDERS)(attribution.sender)

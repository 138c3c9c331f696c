"""What a collector promises, and what it is given. This page is all a plug-in needs to know.

A collector is a class found by entry point (group `sentinel.collectors`):

    class LinesCollector:
        name = "lines"
        Options = LinesOptions                 # a pydantic model: what the settings may say

        def __init__(self, options: LinesOptions) -> None: ...
        async def run(self, sink: Sink) -> None: ...

`run` goes on until it is cancelled, or returns when its input has ended (standard input, one-shot
files). It lets errors out: the runner catches, shows, waits and starts it again. It *has* no
threads, signals or settings of its own; sockets it opens it closes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from sentinel.model.record import Received


class CollectorOptions(BaseModel):
    """The base of every collector's options: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sink(Protocol):
    """Where records go. When `put` returns, they are on disk: only then may a sender be told so."""

    async def put(self, records: Sequence[Received]) -> None:
        """Keep these records, in order, with their positions.

        Waits while the journal is busy or the disk reserve is reached: that is the back-pressure.
        Nothing to keep is no error. Cancelled while it waits, it first sees these records through:
        do not put them again.
        """
        ...

    def positions(self) -> Mapping[str, str]:
        """The newest mark of each of this input's streams, as the journal has it."""
        ...

    def listening(self, where: str) -> None:
        """Say where it listens or what it reads, for people: "udp 127.0.0.1:5514"."""
        ...

    def dropped(self, amount: int, why: str) -> None:
        """Say that this many records are known to be lost before they could be taken."""
        ...


class Collector(Protocol):
    """One way for records to come in."""

    name: ClassVar[str]
    Options: ClassVar[type[CollectorOptions]]

    def __init__(self, options: Any) -> None:  # noqa: ANN401 - each takes its own Options
        """Take validated options; do nothing yet."""
        ...

    async def run(self, sink: Sink) -> None:
        """Collect until cancelled, or until the input has ended."""
        ...

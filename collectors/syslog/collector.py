"""Syslog as the settings know it: where to listen, and how much to take."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from typing import ClassVar, NamedTuple, Self

from pydantic import Field, field_validator, model_validator

from collectors.syslog import tcp, udp
from sentinel.collect.contract import CollectorOptions, Sink
from sentinel.errors import PortTaken

_ALLOWED = 'an IP address and a port: "192.0.2.1:514", "0.0.0.0:514", "[::]:514"'


class Endpoint(NamedTuple):
    """An address to listen on, read from "192.0.2.1:514" or "[2001:db8::1]:514"."""

    host: str
    port: int

    @classmethod
    def of(cls, text: str) -> Endpoint:
        """Read it.

        Raises:
            ValueError: it is not of that form.
        """
        host, colon, port = text.rpartition(":")
        bracketed = host.startswith("[") and host.endswith("]")
        try:
            address = ipaddress.ip_address(host[1:-1] if bracketed else host)
        except ValueError:
            raise ValueError(
                f"{text!r} is not an address to listen on; allowed: {_ALLOWED}"
            ) from None
        right = bracketed == (address.version == 6)  # noqa: PLR2004 - the IP version
        if not (colon and right and port.isascii() and port.isdigit() and int(port) < 1 << 16):
            raise ValueError(f"{text!r} is not an address to listen on; allowed: {_ALLOWED}")
        return cls(str(address), int(port))

    @property
    def family(self) -> socket.AddressFamily:
        """Which kind of socket it takes."""
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class SyslogOptions(CollectorOptions):
    """What the settings may say: at least one of `udp` and `tcp`.

    Port 0 lets the kernel choose; the input's status says which. `max_message` and
    `receive_buffer` are bytes. A TCP connection that completes no message for `idle_seconds` is
    closed; senders then connect again.
    """

    udp: str | None = None
    tcp: str | None = None
    max_message: int = Field(default=65536, ge=480, le=16 * 1024 * 1024)
    receive_buffer: int = Field(default=16 * 1024 * 1024, ge=4096, le=1 << 30)
    idle_seconds: float = Field(default=3600.0, gt=0)
    max_connections: int = Field(default=1000, ge=1)
    max_connections_per_peer: int = Field(default=100, ge=1)

    @field_validator("udp", "tcp")
    @classmethod
    def _an_address(cls, text: str | None) -> str | None:
        return text if text is None else str(Endpoint.of(text))

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.udp is None and self.tcp is None:
            raise ValueError("say where to listen: `udp`, `tcp` or both")
        return self


class SyslogCollector:
    """Listens for syslog on UDP (RFC 5426), plain TCP (RFC 6587), or both; a record a message.

    Neither can promise delivery, see `udp` and `tcp`: what is known to be lost is counted. The
    sender's address can be forged on UDP.
    """

    name: ClassVar[str] = "syslog"
    Options: ClassVar[type[CollectorOptions]] = SyslogOptions

    def __init__(self, options: SyslogOptions) -> None:
        self._options = options

    async def run(self, sink: Sink) -> None:
        """Collect until cancelled.

        Raises:
            PortTaken: an address is in use by another program.
            OSError: an address cannot be bound for another reason.
        """
        listeners = self._bind()
        sink.listening(", ".join(origin for origin, _ in listeners))
        try:
            async with asyncio.TaskGroup() as group:
                for _, listener in listeners:
                    group.create_task(listener.run(sink))
        finally:
            for _, listener in listeners:
                listener.close()

    def _bind(self) -> list[tuple[str, udp.UdpListener | tcp.TcpListener]]:
        """Bind every address before anything is read: all of them, or an error and none."""
        opened: list[socket.socket] = []
        bound: list[tuple[str, udp.UdpListener | tcp.TcpListener]] = []
        try:
            if self._options.udp is not None:
                opened.append(self._open("udp", self._options.udp))
                origin = _origin("udp", opened[-1])
                listener = udp.UdpListener(opened[-1], origin, self._options.max_message)
                bound.append((origin, listener))
            if self._options.tcp is not None:
                opened.append(self._open("tcp", self._options.tcp))
                origin = _origin("tcp", opened[-1])
                bound.append((origin, tcp.TcpListener(opened[-1], origin, self._limits())))
        except (OSError, PortTaken):
            for one in opened:
                one.close()
            raise
        return bound

    def _open(self, kind: str, text: str) -> socket.socket:
        endpoint = Endpoint.of(text)
        try:
            if kind == "udp":
                return udp.bind(endpoint.family, endpoint, self._options.receive_buffer)
            return tcp.bind(endpoint.family, endpoint)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"{kind} {endpoint} is in use by another program; stop it or change"
                    f" `{kind}` of this input in the settings"
                ) from error
            reason = error.strerror or str(error)
            raise OSError(error.errno, f"cannot listen on {kind} {endpoint}: {reason}") from error

    def _limits(self) -> tcp.TcpLimits:
        return tcp.TcpLimits(
            longest=self._options.max_message,
            idle=self._options.idle_seconds,
            connections=self._options.max_connections,
            connections_a_peer=self._options.max_connections_per_peer,
        )


def _origin(kind: str, listener: socket.socket) -> str:
    return f"{kind} {Endpoint(*listener.getsockname()[:2])}"

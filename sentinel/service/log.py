"""The service's own log, on standard error: for people, or for programs."""

from __future__ import annotations

import logging
import sys

import structlog

from sentinel.settings import LogFormat, Settings


def configure_logging(settings: Settings) -> None:
    """Send the service's own log to standard error, for people or for programs."""
    level = getattr(logging, settings.log.level.value.upper())
    # Plain tracebacks: the usual ones show the values of variables, and those are agencies' logs.
    renderers: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if settings.log.format is LogFormat.JSON
        else [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)

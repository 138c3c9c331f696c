"""The service's own log."""

import pytest
import structlog

from sentinel import service
from sentinel.settings import LogFormat


@pytest.mark.parametrize("form", list(LogFormat))
def test_a_traceback_in_the_log_shows_no_values(settings, capsys, form):
    """The variables of a failing function are agencies' log lines and passwords."""
    log = settings.log.model_copy(update={"format": form})
    service.configure_logging(settings.model_copy(update={"log": log}))

    def fall(line):
        raise KeyError(len(line))

    line = "correct-horse"
    try:
        fall(line)
    except KeyError as error:
        structlog.get_logger().error("it fell", exc_info=error)

    told = capsys.readouterr().err
    assert "KeyError: 13" in told
    assert "in fall" in told
    assert line not in told

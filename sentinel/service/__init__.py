"""The service: start, keep going, drain, stop.

    collectors --put--> group commit --> journal --wake--> worker thread: pipeline.step()
                                                  courier: what is due --> mail
    listeners: soc (API), public (acknowledge links)

Everything but the pipeline's work runs on one event loop. SIGINT and SIGTERM stop the collectors
first, then the pipeline and the courier finish what has been taken. APScheduler only wakes the
looks for what is due; what is due stands in the state database.
"""

from __future__ import annotations

from sentinel.service.log import configure_logging as configure_logging
from sentinel.service.running import Build as Build
from sentinel.service.running import Greet as Greet
from sentinel.service.running import Service as Service
from sentinel.service.running import run as run
from sentinel.service.running import serve as serve

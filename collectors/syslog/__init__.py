"""Syslog over UDP and plain TCP: what almost every machine can already send.

* `framing` finds the messages in a TCP stream: bytes in, messages out.
* `udp` and `tcp` listen, and hand what arrived to the sink.
* `collector` is what the settings talk to.
"""

from collectors.syslog.collector import SyslogCollector, SyslogOptions

__all__ = ["SyslogCollector", "SyslogOptions"]

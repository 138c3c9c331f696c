"""The SOC desk: what people do with alerts and warnings, each action one transaction.

The rules of each action are pure and live in the stages (`alert.lifecycle`, `alert.suppress`,
`warn.release`, `warn.receipt`); here a value is read, changed and written back, all or nothing.
"""

from sentinel.desk.events import StoredEvents
from sentinel.desk.issuing import Issuing
from sentinel.desk.soc import SocDesk

__all__ = ["Issuing", "SocDesk", "StoredEvents"]

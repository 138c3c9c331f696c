"""The doctor: is all well here, and what is to be done if not? It looks, and changes nothing.

A subject a file: a function from the `Patient` to checks. What is seen is kept apart from what it
means, so that the meaning is tested as a table. `examine.py` has the order.
"""

from sentinel.doctor.examine import Doctor as Doctor
from sentinel.doctor.examine import examine as examine
from sentinel.doctor.patient import Patient as Patient
from sentinel.doctor.patient import from_outside as from_outside
from sentinel.doctor.reading import Reading as Reading
from sentinel.doctor.reading import read_settings as read_settings

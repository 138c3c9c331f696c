"""Text files people write, with the place of everything in them.

    SourceText --parse--> Document (data, and `file:line` of each key) --check--> a pydantic model

Every fault is a sentence with file, line, key, what was found and what is allowed; all faults of a
file are reported at once.
"""

from sentinel.documents.check import check as check
from sentinel.documents.check import dotted as dotted
from sentinel.documents.check import read as read
from sentinel.documents.check import refuse as refuse
from sentinel.documents.check import show as show
from sentinel.documents.parse import Document as Document
from sentinel.documents.parse import Where as Where
from sentinel.documents.parse import parse as parse
from sentinel.documents.source import SourceText as SourceText
from sentinel.documents.source import read_source as read_source
from sentinel.documents.source import yaml_texts as yaml_texts
from sentinel.documents.words import Allowed as Allowed

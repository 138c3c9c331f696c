"""`sentinel detect`: rules over files, without a store; what is found comes out as it is found.

    request -> rules (read, or as they were kept) -> reading (files into fields) -> detecting

A file is read once, from the start; memory holds one record at a time, except for JSON that is not
one object a line. A record's number counts the records of its file from 1 (blank lines are none).
"""

from sentinel.batch.detecting import detect
from sentinel.batch.reading import events_of, read_line
from sentinel.batch.request import FORMATS, LATER_FORMATS, DetectRequest, Summary
from sentinel.batch.rules import pipeline_of, placeholders_text

__all__ = [
    "FORMATS",
    "LATER_FORMATS",
    "DetectRequest",
    "Summary",
    "detect",
    "events_of",
    "pipeline_of",
    "placeholders_text",
    "read_line",
]

"""The fast matcher and the reference agree on public rules, over recorded events and made ones."""

import gzip
import tarfile
from itertools import islice
from random import Random

import pytest

from sentinel.batch.reading import _as_written
from sentinel.detect.match.finder import FastFinder, PlainFinder
from sentinel.detect.route import source_of
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.formats import jsontext
from sentinel.normalise.json_record import Wanted, fields_of
from tests.testdata import data_folder
from tests.unit.detect.meeting import Meeting

pytestmark = pytest.mark.data

RECORDED = 400  # events, from all over the recordings
STRIDE = 130  # one event of so many is taken
MADE = 300


@pytest.fixture(scope="module")
def rules():
    with tarfile.open(data_folder() / "sigmahq-rules.tar.gz") as archive:
        files = [member for member in archive if member.name.endswith(".yml")]
        texts = [SourceText(file.name, archive.extractfile(file).read().decode()) for file in files]
    return load(texts).rules


def _met(finder, fields, text=None):
    looks = finder.looks(fields, source_of(fields), text)
    return [(look.rule.card.id, hits) for look in looks if (hits := look.hits(fields)) is not None]


def _recorded():
    with gzip.open(data_folder() / "otrf-events.jsonl.gz") as lines:
        for each in islice(jsontext.records(islice(lines, 0, None, STRIDE)), RECORDED):
            fields = fields_of(each.record, Wanted.NATIVE, flat=each.flat)
            written = each.flat and _as_written(fields, Wanted.NATIVE)
            yield fields, each.text if written else None


def test_recorded_events_meet_the_same_rules(rules):
    """With and without the line they were read from, and when they come again."""
    plain, fast = PlainFinder(rules), FastFinder(rules)
    differing, met = [], 0
    for fields, text in _recorded():
        expected = _met(plain, fields)
        met += len(expected)
        if any(_met(fast, fields, given) != expected for given in (text, None, text)):
            differing.append(fields)

    assert differing == []
    assert met > RECORDED / 50


def test_events_made_out_of_the_rules_meet_the_same_rules(rules):
    """Each event nearly fits a few of them; all of them are asked, by either kind of names."""
    plain, fast = PlainFinder(rules), FastFinder(rules)
    chance = Random(20261122)
    differing, met = [], 0
    for number in range(MADE):
        fields = Meeting(chance.sample(rules, k=chance.randint(1, 2)), chance).fields()
        if number % 2:  # of a log whose rules part by a field
            fields |= {"sentinel.logsource.product": "windows", "sentinel.names": "native"}
            fields["sentinel.logsource.service"] = chance.choice(("security", "system", "*"))
        expected = _met(plain, fields)
        met += len(expected)
        if _met(fast, fields) != expected:
            differing.append(fields)

    assert differing == []
    assert met > MADE / 3

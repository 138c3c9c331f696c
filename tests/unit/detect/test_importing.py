"""What an import does with each file: nothing of the operator's is lost, nothing happens twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.importing import (
    Change,
    KnownFile,
    Manifest,
    Offered,
    Policy,
    digest,
    licence_in,
    licence_of,
    manifest_after,
    plan,
    with_licences,
    with_rules,
)
from sentinel.detect.sigma.load import load
from sentinel.documents import SourceText
from sentinel.errors import Fault

AT = datetime(2026, 11, 22, tzinfo=UTC)
OLD, NEW, EDIT = b"old", b"new", b"edit"


def offered(data=NEW, name="a.yml", ids=("one",), faults=()):
    return Offered(name=name, data=data, ids=ids, faults=faults)


def known(data=OLD, name="a.yml", ids=("one",)):
    files = {name: KnownFile(sha256=digest(data), ids=ids)}
    return Manifest(source="rules", licence="DRL 1.1", imported=AT, rules=len(ids), files=files)


def here(data, name="a.yml"):
    return {name: digest(data)}


@pytest.mark.parametrize(
    ("manifest", "present", "policy", "change"),
    [
        (None, {}, Policy.KEEP, Change.NEW),
        (None, here(NEW), Policy.KEEP, Change.SAME),
        (None, here(EDIT), Policy.KEEP, Change.EDITED),
        (known(NEW), here(NEW), Policy.KEEP, Change.SAME),
        (known(OLD), here(OLD), Policy.KEEP, Change.CHANGED),
        (known(OLD), here(EDIT), Policy.KEEP, Change.EDITED),
        (known(NEW), here(EDIT), Policy.KEEP, Change.EDITED),
        (known(OLD), here(NEW), Policy.KEEP, Change.SAME),
        (known(OLD), {}, Policy.KEEP, Change.REMOVED),
        (known(OLD), here(EDIT), Policy.OVERWRITE, Change.CHANGED),
        (known(OLD), {}, Policy.OVERWRITE, Change.NEW),
    ],
)
def test_what_becomes_of_a_file(manifest, present, policy, change):
    """By what the source has, what was brought in before, and what is there now."""
    (move,) = plan([offered()], manifest, present, policy, whole=True)

    assert move.change is change


def test_a_file_with_a_fault_is_refused():
    """Whatever stands here of it goes on."""
    fault = Fault("a.yml:3", "no")

    (move,) = plan([offered(faults=(fault,))], known(), here(OLD), whole=True)

    assert (move.change, move.faults) == (Change.REFUSED, (fault,))


@pytest.mark.parametrize(
    ("files", "present", "whole", "changes"),
    [
        ([], here(OLD), True, [Change.GONE]),
        ([], here(EDIT), True, [Change.EDITED]),
        ([], {}, True, []),
        ([], here(OLD), False, []),
        ([offered(name="b.yml")], here(OLD), True, [Change.MOVED, Change.NEW]),
        ([offered(name="b.yml", ids=("two",))], here(OLD), True, [Change.GONE, Change.NEW]),
    ],
)
def test_what_the_source_does_not_have_any_more(files, present, whole, changes):
    """A rule that stands in another file now has moved; single files say nothing of the rest."""
    assert [move.change for move in plan(files, known(), present, whole=whole)] == changes


def after(moves, files, manifest=None, *, pruned=False, at=AT):
    return manifest_after(
        moves, files, manifest, source="rules", licence="DRL 1.1", at=at, pruned=pruned
    )


def test_the_manifest_says_what_was_brought_in():
    """With the digest of what the source had."""
    files = [offered(), offered(name="b.yml", faults=(Fault("b.yml", "no"),))]

    made = after(plan(files, None, {}, whole=True), files)

    assert (made.rules, made.licence, made.source) == (1, "DRL 1.1", "rules")
    assert made.files == {"a.yml": KnownFile(sha256=digest(NEW), ids=("one",))}


@pytest.mark.parametrize(("pruned", "left"), [(False, ["a.yml", "b.yml"]), (True, ["b.yml"])])
def test_what_is_gone_is_remembered_until_it_is_pruned(pruned, left):
    """So that the next import says it again."""
    files = [offered(name="b.yml", ids=("two",))]
    moves = plan(files, known(), here(OLD), whole=True)

    assert sorted(after(moves, files, known(), pruned=pruned).files) == left


def test_what_has_moved_is_remembered_at_its_new_place():
    """And only there."""
    files = [offered(name="b.yml")]
    moves = plan(files, known(), here(OLD), whole=True)

    assert list(after(moves, files, known()).files) == ["b.yml"]


NAMES = st.sampled_from(["a.yml", "b.yml", "c.yml"])
DATA = st.sampled_from([OLD, NEW, EDIT])


@given(st.dictionaries(NAMES, DATA), st.dictionaries(NAMES, DATA), st.dictionaries(NAMES, DATA))
def test_an_import_done_twice_does_nothing_the_second_time(first, second, edits):
    """Whatever was there, whatever was edited in between."""
    begun = {name: digest(data) for name, data in edits.items()}
    _, manifest, present = _imported(first, None, begun)
    _, manifest, present = _imported(second, manifest, present)

    moves, again, unchanged = _imported(second, manifest, present, at=AT.replace(year=2027))

    assert {move.change for move in moves} <= {
        Change.SAME,
        Change.EDITED,
        Change.REMOVED,
        Change.GONE,
    }
    assert (again, unchanged) == (manifest, present)


def _imported(source, manifest, present, at=AT):
    files = [Offered(name=name, data=data, ids=(name,)) for name, data in sorted(source.items())]
    moves = plan(files, manifest, present, whole=True)
    present = dict(present)
    for move in moves:
        if move.change in (Change.NEW, Change.CHANGED):
            present[move.name] = digest(source[move.name])
        elif move.change is Change.MOVED:
            del present[move.name]
    return moves, after(moves, files, manifest, at=at), present


RULE = (
    "title: One\nid: 11111111-1111-4111-8111-111111111111\nlogsource: {product: linux}\n"
    "detection: {selection: {a: b}, condition: selection}\n"
)
ID = "11111111-1111-4111-8111-111111111111"


def test_rules_and_faults_are_put_to_their_files():
    """By the name that the loader was given."""
    texts = {"a.yml": RULE, "b.yml": "title: broken\n"}
    files = [Offered(name=name, data=text.encode()) for name, text in texts.items()]
    places = {name: f"/src/{name}" for name in texts}
    ruleset = load(SourceText(places[name], text) for name, text in texts.items())

    good, bad = with_rules(files, ruleset, places, {})

    assert (good.ids, good.faults) == ((ID,), ())
    assert bad.faults[0].place.startswith("/src/b.yml")


def test_an_id_that_another_rule_here_has_is_refused():
    """It would not run: the first one does."""
    files = [Offered(name="a.yml", data=RULE.encode())]
    ruleset = load([SourceText("a.yml", RULE)])

    (file,) = with_rules(files, ruleset, {"a.yml": "a.yml"}, {ID: "own/x.yml:1"})

    assert [fault.message for fault in file.faults] == [
        "a rule of this id stands at own/x.yml:1 already"
    ]


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("released under the [Detection Rule License (DRL) 1.1](x)", "DRL 1.1"),
        ("DETECTION RULE LICENSE", "DRL"),
        ("Apache License\nVersion 2.0", "Apache-2.0"),
        ("MIT License\n\nCopyright", "MIT"),
        ("all rights reserved", ""),
    ],
)
def test_the_licence_that_a_file_names(text, licence):
    """Nothing is guessed."""
    assert licence_of(text) == licence


def test_a_manifest_that_cannot_be_read_names_no_licence():
    """The rules beside it run all the same."""
    assert licence_in(known().model_dump_json().encode()) == "DRL 1.1"
    assert licence_in(b"{") == ""


def test_a_rule_without_a_licence_of_its_own_has_its_folders():
    """One that names its own keeps it."""
    texts = [
        SourceText("rules/public/x/a.yml", RULE),
        SourceText("rules/public/b.yml", RULE.replace("1111-", "1112-") + "license: MIT\n"),
        SourceText("rules/own/c.yml", RULE.replace("1111-", "1113-")),
    ]
    ruleset = load(texts)
    assert ruleset.refused == ()

    licensed = with_licences(ruleset, {"rules/public": "DRL 1.1"})

    assert [card.licence for card in licensed.cards] == ["DRL 1.1", "MIT", ""]
    assert with_licences(ruleset, {}) is ruleset
    assert replace(licensed.rules[0], card=ruleset.rules[0].card) == ruleset.rules[0]

"""YAML with places and limits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.documents import Document, SourceText, parse
from sentinel.documents import parse as parse_function
from sentinel.documents.parse import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from sentinel.errors import InputError, RuleError

TEXT = """\
title: x
detection:
  selection:
    field|contains:
      - one
      - two
  condition: selection
empty:
"""


def document(text: str) -> Document:
    return parse(SourceText("a.yml", text))


def faults_or_one_line(text: str) -> list[object]:
    """The faults of a text, or the line where its document begins."""
    try:
        return [document(text).line(())]
    except InputError as error:
        return list(error.faults)


def told(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        document(text)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ((), 1),
        (("title",), 1),
        (("detection", "selection", "field|contains"), 4),
        (("detection", "selection", "field|contains", 1), 6),
        (("detection", "condition"), 7),
        (("empty",), 8),
        (("detection", "nothing", "below"), 2),
        (("detection", "selection", "field|contains", 9), 4),
    ],
)
def test_everything_has_its_line(where, line):
    """A key's own line; for what is not there, the line of the nearest thing around it."""
    assert f"a.yml:{line}" == document(TEXT).place(where)


def test_a_value_is_known_as_it_was_written():
    """`off` is no "False" to the person who wrote it."""
    parsed = document("a: off\nb: 0x10\nc: [x]\nd: 2026-11-22\n")

    assert {"a": False, "b": 16, "c": ["x"], "d": date(2026, 11, 22)} == parsed.data
    assert [parsed.text(where) for where in (("a",), ("b",), ("c",), ("c", 0))] == [
        "off",
        "0x10",
        None,
        "x",
    ]


def test_find_follows_a_way_through_lists():
    """What is missing or of another kind on the way is passed over."""
    parsed = document("a:\n- {b: 1}\n- 7\n- {c: 2}\n- {b: 3}\n")

    assert list(parsed.find("a", "*", "b")) == [(("a", 0, "b"), 1), (("a", 3, "b"), 3)]
    assert list(parsed.find("a", 3, "b")) == [(("a", 3, "b"), 3)]
    assert list(parsed.find("a", "b")) == []


def test_an_empty_document_is_nothing():
    """Comments alone are no data."""
    assert document("# nothing\n").data is None


def test_merges_and_aliases_are_written_out():
    """Places of merged keys are where they were written."""
    parsed = document("base: &b\n  x: 1\nother:\n  <<: *b\n  y: 2\n")

    assert parsed.data == {"base": {"x": 1}, "other": {"x": 1, "y": 2}}
    assert parsed.place(("other", "x")) == "a.yml:2"


def test_an_own_key_beside_a_merged_one_is_no_repetition():
    """YAML's merge is made for that."""
    assert document("a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n").data["b"] == {"x": 2}


def test_a_lone_equals_sign_is_text():
    """YAML 1.1 has a type for it that PyYAML cannot build."""
    assert document("operator: =").data == {"operator": "="}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: 1\nb: 2\na: 3\nb: 4\n", ["3: a: this key stands in line 1 already",
                                      "4: b: this key stands in line 2 already"]),
        ("x:\n  1: a\n  '1': b\n", ["3: 1: this key stands in line 2 already"]),
        ("a: [\n", ["2: this is not valid YAML"]),
        ("a: *nobody\n", ["1: this is not valid YAML: found undefined alias"]),
        ("a: 1\n---\nb: 2\n", ["2: this is not valid YAML: but found another document"]),
        ("a: !!python/object:os.system {}\n", ["1: a tag that is not allowed; found tag:yaml.org"]),
        ("a: !secret x\n", ["1: a tag that is not allowed; found !secret"]),
        ("a: !!binary aGk=\n", ["1: a tag that is not allowed"]),
        ("a: &x [*x]\n", ["1: an alias that stands for something around itself"]),
        ("? [a]\n: 1\n", ["1: a key must be a single value"]),
        ("a: 2026-13-45\n", ["1: this is written like a timestamp but is none; found 2026-13-45"]),
        ("a: !!int x\n", ["1: this is written like a int but is none; found x"]),
        ("a: 1\nb: \x1b[2J\n", ["2: a character that YAML does not allow; found U+001B"]),
        ("a: \ud800\n", ["1: a character that YAML does not allow; found U+D800"]),
        ("\n" * 3 + "\tx: 1\n", ["4: this is not valid YAML"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text, faults):
    """Every fault of the text itself."""
    found = told(text)

    assert len(faults) == len(found)
    for expected, said in zip(faults, found, strict=True):
        assert said.startswith(f"a.yml:{expected}")


def test_the_error_is_the_caller_s_kind():
    """A rule's fault is a RuleError."""
    with pytest.raises(RuleError):
        parse_function(SourceText("a.yml", "["), error=RuleError)


def test_too_many_bytes():
    """Said before anything is parsed."""
    assert [(f"a.yml: the file is too large; found {MAX_BYTES + 1} bytes"
            f"; allowed: at most {MAX_BYTES} bytes")] == told("#" * (MAX_BYTES + 1))  # fmt: skip


def test_too_deep():
    """A thousand brackets must not exhaust the stack."""
    assert told("[" * 900) == ["a.yml:1: values are nested too deeply; allowed: at most 32 levels"]
    assert document("[" * MAX_DEPTH + "]" * MAX_DEPTH).data is not None


@pytest.mark.parametrize("join", ["[{}]", "{{<<: [{}]}}"])
def test_aliases_that_multiply(join):
    """Ten lines that mean ten to the ninth values are refused, not expanded."""
    lines = ["a0: &a0 {x: 1, y: 2}"]
    for level in range(1, 10):
        aliases = ", ".join([f"*a{level - 1}"] * 10)
        lines.append(f"a{level}: &a{level} " + join.format(aliases))

    (fault,) = told("\n".join(lines))

    assert f"too many values; allowed: at most {MAX_VALUES}, aliases included" in fault


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_a_document_or_a_fault(text):
    """There is no text that brings anything but an InputError."""
    assert faults_or_one_line(text) != []


@given(st.text(alphabet="ab-:[]{}&*<!'\"#|> \n", max_size=60))
def test_any_yaml_is_a_document_or_a_fault(text):
    """The same for texts that are nearly YAML."""
    assert faults_or_one_line(text) != []

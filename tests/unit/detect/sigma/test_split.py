"""One file, several documents, every line in its place."""

from sentinel.detect.sigma import split as module
from sentinel.detect.sigma.split import split
from sentinel.documents import SourceText


def _split(text):
    return split(SourceText("rules.yml", text))


def test_each_document_knows_its_lines_in_the_file():
    """Comments, blank lines and separators before a document count."""
    documents, faults = _split("# head\na: 1\n---\n\nb: 2\nc:\n  - 3\n---\n# none\n---\nd: 4\n")

    assert [each.data for each in documents] == [{"a": 1}, {"b": 2, "c": [3]}, {"d": 4}]
    assert faults == []
    places = [documents[0].place("a"), documents[1].place("b"), documents[1].place(("c", 0))]
    assert places == ["rules.yml:2", "rules.yml:5", "rules.yml:7"]
    assert documents[2].place("d") == "rules.yml:11"


def test_a_separator_inside_of_text_separates_nothing():
    """Dashes in a block of text are text."""
    documents, _ = _split("a: |\n  x\n  ---\n  y\nb: 1\n")

    assert [each.data for each in documents] == [{"a": "x\n---\ny\n", "b": 1}]


def test_a_broken_document_is_a_fault_with_its_line_and_the_others_are_read():
    """What is wrong in the second document does not take the first along."""
    documents, faults = _split("a: 1\n---\nb: 1\nb: 2\n---\nc: 3\n")

    assert [each.data for each in documents] == [{"a": 1}, {"c": 3}]
    assert [fault.place for fault in faults] == ["rules.yml:4"]


def test_broken_yaml_is_a_fault_where_it_breaks():
    """Documents before the break are read."""
    documents, faults = _split("a: 1\n---\nb: 1\n c: [\n")

    assert [each.data for each in documents] == [{"a": 1}]
    assert [fault.place.startswith("rules.yml:") for fault in faults] == [True]


def test_a_file_beyond_measure_is_refused(monkeypatch):
    """A file that large is not even looked at."""
    monkeypatch.setattr(module, "MAX_CHARACTERS", 10)

    documents, faults = _split("a: 12345678901")

    assert (documents, [fault.place for fault in faults]) == ([], ["rules.yml:1"])


def test_a_yaml_bomb_is_refused():
    """Nesting and aliases that grow without bound cost nothing."""
    deep = "a: " + "[" * 50_000
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 12))
    _, deep_faults = _split(deep)
    _, bomb_faults = _split("l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + levels)

    assert len(deep_faults) == 1
    assert len(bomb_faults) == 1
    assert "too many aliases" in str(bomb_faults[0])

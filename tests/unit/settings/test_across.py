"""What no single key can know. The sentences are in tests/corpus/settings."""

import pytest

from sentinel.documents import SourceText, parse
from sentinel.settings.across import cross_faults, repeated


def faults(text: str) -> list[str]:
    return [str(fault) for fault in cross_faults(parse(SourceText("a.yml", text)))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "inputs: 7",
        "inputs: [7, {name: 7}, {name: 7}]",
        "mail: text",
        "web: {soc: [], public: {port: many}}",
        "web: {soc: {port: 9000}, public: {port: 9001}}",
        "mail: {username: a, password_file: b}",
        "web: {public: {certificate: a, key: b}}",
        "web: {soc: {certificate: , key: }}",
    ],
)
def test_what_another_check_speaks_about_or_what_is_right_is_passed_over(text):
    """A file of any shape is looked at without an error."""
    assert faults(text) == []


def test_a_listener_moved_onto_the_other_s_default():
    """The default of the key that is not there counts."""
    (fault,) = faults("web: {public: {port: 8443}}")

    assert "web.public.port: both listeners would use the same port" in fault


def test_the_third_of_three_names_the_first():
    """Each repetition is a fault of its own."""
    document = parse(SourceText("a.yml", "a:\n- x\n- x\n- y\n- x\n"))

    told = [fault.message for fault in repeated(document, "a", "*")]

    assert told == ["this stands in line 2 already"] * 2

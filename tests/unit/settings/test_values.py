"""The kinds of value: what each takes, what it refuses."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sentinel.settings import values


def take(kind: object, value: object, **context: object) -> object:
    return TypeAdapter(kind).validate_python(value, context=context)


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (values.Line, "  Sở A ", "Sở A"),
        (values.Line, "So\u031b\u0309 A", "Sở A"),  # NFC
        (values.Id, "so-a.syslog_1", "so-a.syslog_1"),
        (values.Domain, "So-A.Example.", "so-a.example"),
        (values.Email, "a.b+c@so-a.example", "a.b+c@so-a.example"),
        (values.Address, "::0001", "::1"),
        (values.Zone, "UTC", "UTC"),
        (values.Url, "https://soc.example:8444/base/", "https://soc.example:8444/base"),
        (values.Host, "WEB01.so-a.example", "web01.so-a.example"),
        (values.Port, 25, 25),
        (values.HighPort, 1024, 1024),
    ],
)
def test_what_is_right_is_taken_in_one_form(kind, given, expected):
    """Spaces, case, composition and a slash at the end do not make two of one value."""
    assert expected == take(kind, given)


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (values.Line, ""),
        (values.Line, "a\u202eb"),
        (values.Line, "a\u2028b"),
        (values.Line, "x" * 301),
        (values.Line, 7),
        (values.Id, "-a"),
        (values.Id, "A"),
        (values.Id, "a" * 65),
        (values.Id, "a\n"),
        (values.Domain, "a"),
        (values.Domain, "-a.example"),
        (values.Domain, "a..example"),
        (values.Email, "a@b"),
        (values.Email, "a b@so-a.example"),
        (values.Email, "<a@so-a.example>"),
        (values.Email, ".a@so-a.example"),
        (values.Email, "a@so-a.example\n"),
        (values.Email, "@so-a.example"),
        (values.Email, "a" * 250 + "@so-a.example"),
        (values.StrictNetwork, "192.0.2.1/24"),
        (values.StrictNetwork, 3221225985),
        (values.Address, "localhost"),
        (values.Zone, "../../etc/passwd"),
        (values.Url, "https://user:secret@soc.example"),
        (values.Url, "https://soc.example/?next=x"),
        (values.Url, "https://soc.example:99999"),
        (values.Url, "https://"),
        (values.Url, "javascript:alert(1)"),
        (values.Host, "a/b"),
        (values.Port, 0),
        (values.Port, 65536),
        (values.Port, "25"),
        (values.Port, True),
        (values.HighPort, 1023),
        (values.Flag, 1),
    ],
)
def test_what_is_not_right_is_refused(kind, refused):
    """Nothing is guessed, repaired or cut."""
    with pytest.raises(ValidationError):
        take(kind, refused)


@given(st.text(max_size=400))
def test_a_line_is_one_line_or_refused(text):
    """Whatever a person writes: what is taken cannot begin a second header line."""
    try:
        line = take(values.Line, text)
    except ValidationError:
        return

    assert isinstance(line, str)
    assert [line] == line.splitlines()
    assert not any(unicodedata.category(each) in ("Cc", "Cf") for each in line)


def test_a_path_starts_at_the_base(tmp_path):
    """The base is the settings file's folder; without one the working directory stays."""
    assert tmp_path / "x" == take(values.SomePath, "x", base=tmp_path)
    assert Path("x") == take(values.SomePath, "x")


def test_a_file_must_be_there_to_be_read(tmp_path):
    """A folder is no file."""
    (tmp_path / "key").write_text("secret")

    assert tmp_path / "key" == take(values.ReadableFile, "key", base=tmp_path)
    with pytest.raises(ValidationError, match="there is no file"):
        take(values.ReadableFile, ".", base=tmp_path)


def test_a_file_that_this_user_cannot_read_is_refused(tmp_path, monkeypatch):
    """The service would find out at night."""
    (tmp_path / "key").write_text("secret")
    monkeypatch.setattr(values.os, "access", lambda path, mode: False)

    with pytest.raises(ValidationError, match="cannot be read by this user"):
        take(values.ReadableFile, "key", base=tmp_path)


def test_a_policy_is_a_shipped_name_or_a_folder_of_one_s_own(tmp_path):
    """A word is looked up among the shipped ones; a path starts at the base."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "policy.yml").touch()

    assert take(values.PolicyPlace, "vn", base=tmp_path) == "vn"
    assert str(tmp_path / "own") == take(values.PolicyPlace, "./own", base=tmp_path)
    with pytest.raises(ValidationError, match=r"there is no policy\.yml"):
        take(values.PolicyPlace, "own", base=tmp_path)


def test_network_of_takes_one_address_as_a_network():
    """A single sender is a network of one."""
    assert str(values.network_of("192.0.2.7")) == "192.0.2.7/32"
    assert values.network_of("192.0.2.7/24") is None
    assert values.network_of(None) is None

"""The keys of sentinel.yml, and that their reference says everything about them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from sentinel.collect.registry import collectors
from sentinel.documents.words import Expected, in_words
from sentinel.resources import shipped
from sentinel.settings.file import InputSettings, MailSettings, PublicSettings, Settings
from sentinel.settings.values import BothLanguages

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)


def keys(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, Expected, object, str]]:
    """Each key that holds a value: dotted name, type, default, reason."""
    for name, field in model.model_fields.items():
        expected = Expected(field.annotation, tuple(field.metadata))
        assert field.description, name
        below = expected.model()
        if name == "inputs":
            yield from keys(InputSettings, "inputs[].")
        elif below is None or below is BothLanguages:
            default = "required" if field.is_required() else field.get_default()
            yield f"{above}{name}", expected, default, field.description
        else:
            yield from keys(below, f"{above}{name}.")


KEYS = list(keys(Settings))


def test_every_key_has_a_row_in_the_reference_and_every_row_is_a_key():
    """docs/settings.md and the code name the same keys, in the same order."""
    assert [name for name, *_ in KEYS] == [row[0] for row in ROW.findall(REFERENCE)]


@pytest.mark.parametrize(
    ("name", "expected", "reason"), [(name, type_, why) for name, type_, _, why in KEYS]
)
def test_a_row_says_what_the_code_says(name, expected, reason):
    """What is allowed and why it exists are the code's own words."""
    rows = {row[0]: row[1:] for row in ROW.findall(REFERENCE)}
    allowed, _, why = rows[name]

    if name != "inputs[].options":
        assert in_words(expected) == allowed
    assert reason == why


def test_the_reference_says_the_defaults():
    """The column "default" is what an empty file means."""
    rows = {row[0]: row[2] for row in ROW.findall(REFERENCE)}

    for name, _, default, _ in KEYS:
        if isinstance(default, bool | int | str):
            plain = str(default).lower() if isinstance(default, bool) else str(default)
            assert f"`{plain}`" == rows[name] or plain == rows[name], name


def test_the_shipped_file_speaks_of_every_key():
    """Every key is in config/sentinel.yml: as a value or in a comment."""
    text = shipped("config").joinpath("sentinel.yml").read_text(encoding="utf-8")

    missing = [
        name
        for name, *_ in KEYS
        if not re.search(rf"^[#\s-]*{re.escape(name.rpartition('.')[2])}:", text, re.MULTILINE)
    ]
    assert missing == []


def test_the_examples_in_comments_are_valid():
    """Whoever takes the comment signs away gets the keys he expects."""
    text = shipped("config").joinpath("sentinel.yml").read_text(encoding="utf-8")
    opened = re.sub(
        r"^(\s*)# ((?:  )*(?:# )?[a-z_]+:(?: \S+)?)$", r"\1\2", text, flags=re.MULTILINE
    )

    mail = yaml.safe_load(opened)["mail"]

    assert set(MailSettings.model_fields) == set(mail)


def test_the_password_is_read_when_it_is_needed(tmp_path):
    """The first line counts; a changed file counts at once; no file is no password."""
    file = tmp_path / "password"
    file.write_text("bí mật\nmore\n", encoding="utf-8")
    mail = MailSettings(server="mail.example", username="a", password_file=file)

    assert mail.password() == "bí mật"
    file.write_text("")
    assert mail.password() == ""
    assert MailSettings(server="mail.example").password() is None


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "https://127.0.0.1:8444"),
        ({"address": "::1", "port": 9000}, "https://[::1]:9000"),
        ({"url": "https://canhbao.sentinel.example/"}, "https://canhbao.sentinel.example"),
    ],
)
def test_links_begin_where_agencies_reach_the_listener(settings, expected):
    """The given web address, else the listener's own; never with a slash at the end."""
    assert expected == PublicSettings(**settings).link_base


def test_the_reference_names_the_options_of_each_collector():
    """docs/settings.md has a part for each collector, with its options and no others."""
    for name, collector in collectors().by_name.items():
        part = REFERENCE.split(f"### {name}:")[1].split("\n#")[0]

        assert list(collector.Options.model_fields) == re.findall(
            r"^\| `(\w+)` ", part, re.MULTILINE
        )

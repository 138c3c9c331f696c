"""Settings: which file, every fault, what is made up."""

from dataclasses import replace

import pytest

from sentinel.doctor.reading import Reading, read_settings
from sentinel.doctor.settings import examine_settings, file, is_loopback, issuer, public_url
from sentinel.errors import Fault
from sentinel.model.checkup import CheckStatus
from sentinel.settings import MailSettings, PublicSettings, Settings

MAIL = MailSettings(server="mail.example")


def own(**changes) -> Settings:
    return Settings(inputs=()).model_copy(update=changes)


@pytest.mark.parametrize(
    ("place", "faults", "expected"),
    [
        ("sentinel.yml", (), CheckStatus.OK),
        (None, (), CheckStatus.WARN),
        ("sentinel.yml", (Fault("sentinel.yml:3", "odd"),), CheckStatus.FAIL),
    ],
    ids=["a file", "no file", "a broken file"],
)
def test_the_file(settings, place, faults, expected):
    """Without one, everything that is said may be about another service."""
    assert file(Reading(place=place, settings=settings, faults=faults)).status is expected


def test_each_fault_is_a_check_with_its_line(patient, tmp_path, standing):
    """As `config check` says it; what depends on it is not judged."""
    config = tmp_path / "s.yml"
    config.write_text("mail: 7\nissuer: 8\npolicy: nowhere\n", encoding="utf-8")
    reading = read_settings(config)

    checks = list(examine_settings(replace(patient, reading=reading, settings=reading.settings)))

    assert standing(checks) == [
        ("settings.file", "fail"),
        (f"settings.fault:{config}:1", "fail"),
        (f"settings.fault:{config}:2", "fail"),
        (f"settings.fault:{config}:3", "fail"),
        ("settings.agencies", "ok"),
    ]
    assert checks[1].found.en == str(reading.faults[0])


def test_from_inside_the_service_there_is_no_file_to_look_at(patient, standing):
    """It runs with what it read."""
    assert standing(examine_settings(patient)) == [
        ("settings.file", "ok"),
        ("settings.policy", "ok"),
        ("settings.agencies", "ok"),
        ("settings.issuer", "warn"),
        ("settings.public-url", "ok"),
    ]


def test_files_that_the_settings_name(patient, tmp_path, standing):
    """With what is wrong in them."""
    (tmp_path / "policy.yml").write_text("odd: 1\n", encoding="utf-8")
    agencies = tmp_path / "agencies.yml"
    agencies.write_text("agencies: [{id: A}]\n", encoding="utf-8")
    settings = own(policy=str(tmp_path), agencies=agencies)

    checks = {each.id: each for each in examine_settings(replace(patient, settings=settings))}

    assert checks["settings.policy"].status is CheckStatus.FAIL
    assert checks["settings.agencies"].status is CheckStatus.FAIL
    assert f"{agencies}:1" in checks["settings.agencies"].found.en


def test_the_example_s_issuer_is_named_key_by_key():
    """One that is left is enough."""
    half = own(issuer=Settings().issuer.model_copy(update={"phone": "+84 24 1111 1111"}))
    whole = own(
        issuer=Settings().issuer.model_copy(
            update={
                "name": Settings().issuer.name.model_copy(update={"vi": "Trung tâm", "en": "CERT"}),
                "phone": "+84 24 1111 1111",
                "email": "duty@cert.example",
                "mail_domain": "cert.example",
            }
        )
    )

    assert issuer(half).found.en.endswith("in: name, email, mail_domain.")
    assert (issuer(half).status, issuer(whole).status) == (CheckStatus.WARN, CheckStatus.OK)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (own(), CheckStatus.OK),
        (own(mail=MAIL), CheckStatus.WARN),
        (
            own(
                mail=MAIL,
                web=Settings().web.model_copy(
                    update={"public": PublicSettings(url="https://warn.example")}
                ),
            ),
            CheckStatus.OK,
        ),
    ],
    ids=["no mail leaves", "mail leaves, links lead nowhere", "links lead somewhere"],
)
def test_links_in_letters(settings, expected):
    """Loopback means the recipient's own machine."""
    assert public_url(settings).status is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("0.0.0.0", True),
        ("localhost", True),
        ("a.localhost", True),
        ("192.0.2.1", False),
        ("warn.example", False),
    ],
)
def test_loopback(host, expected):
    """By number and by name."""
    assert is_loopback(host) is expected

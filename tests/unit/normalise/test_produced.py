"""What rules are fed with here."""

import pytest

from sentinel.normalise.produced import logsources

FED = list(logsources())


@pytest.mark.parametrize(
    ("product", "category", "service"),
    [
        ("linux", None, "sshd"),
        ("linux", None, "pam"),
        ("linux", "process_creation", None),
        (None, "webserver", None),
        ("apache", "webserver", None),
        ("windows", "process_creation", None),
        ("windows", "registry_event", None),
        ("windows", "ps_script", None),
        ("windows", None, "security"),
    ],
)
def test_what_is_read_here_is_among_them(product, category, service):
    """Every part in one and the same event."""

    def has(fields, part, word):
        value = fields.get(f"sentinel.logsource.{part}", [])
        return word is None or word in (value if isinstance(value, list) else [value])

    assert any(
        has(fields, "product", product)
        and has(fields, "category", category)
        and has(fields, "service", service)
        for fields in FED
    )


def test_what_is_read_nowhere_is_not():
    """Or nothing would be told of a rule for it."""
    assert "aws" not in {fields.get("sentinel.logsource.product") for fields in FED}

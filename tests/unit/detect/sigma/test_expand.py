"""Placeholders get their values."""

import pytest
from sigma.rule import SigmaDetections
from sigma.types import SigmaExpansion, SigmaString

from sentinel.detect.sigma.expand import MAX_FORMS, networks_of, with_values
from sentinel.detect.sigma.mend import mend
from sentinel.detect.sigma.placeholders import Placeholders
from sentinel.detect.sigma.read_condition import NotExpanded, NotHonoured

HOUSE = Placeholders(
    path="p.yml",
    values={
        "Admins": ("adm*", "root"),
        "Servers": ("srv1", "srv2", 3),
        "Nets": ("192.0.2.0/24", "2001:db8::/32"),
        "Dots": ("a.b",),
        "Empty": (),
        "Many": tuple(range(400)),
    },
)


def _expanded(key, value):
    detections = SigmaDetections.from_dict({"a": {key: value}, "condition": "a"})
    mend(detections, HOUSE)
    (found,) = detections.detections["a"].detection_items[0].value
    return found


def test_each_value_is_an_alternative():
    """Around it stands what stood around the placeholder; wildcards in a value are wildcards."""
    found = _expanded("user|expand", r"DOM\\%Admins%@%Servers%")

    assert [str(each) for each in found.values] == [
        f"DOM\\{admin}@{server}" for admin in ("adm*", "root") for server in ("srv1", "srv2", "3")
    ]


def test_a_value_without_a_placeholder_stays():
    """An escaped percent sign is plain (Rules, "Placeholders")."""
    assert str(_expanded("user|expand", r"100\%Admins\%")) == "100%Admins%"
    assert with_values(SigmaString("x"), HOUSE) == SigmaString("x")


@pytest.mark.parametrize("key", ["cmd|contains|expand", "cmd|expand|contains"])
def test_modifiers_before_and_behind_it_work(key):
    """In the order in which they stand."""
    assert [str(each) for each in _expanded(key, "%Dots%").values] == ["*a.b*"]


def test_values_are_encoded_behind_it():
    """The value, not the placeholder's name."""
    (one,) = _expanded("cmd|expand|wide|base64", "%Dots%").values

    assert str(one) == "YQAuAGIA"


def test_in_an_expression_values_are_plain_but_for_their_wildcards():
    """One alternative each: a dot is a dot."""
    assert _expanded("cmd|re|expand", "^(%Dots%|%Admins%)$").to_plain() == (
        r"^((?:a\.b)|(?:adm.*|root))$"
    )


def test_windash_behind_it_varies_the_values_too():
    """An expansion of expansions."""
    found = _expanded("cmd|expand|windash", "-%Dots%")

    assert isinstance(found, SigmaExpansion)
    assert len(found.values) == 1
    assert "/a.b" in [str(each) for each in found.values[0].values]


def test_networks_are_put_in_before_they_are_read():
    """Whole placeholders under cidr, in either order; anything else is no network's business."""
    expected = ["192.0.2.0/24", "2001:db8::/32", "198.51.100.0/24"]

    for key in ("ip|cidr|expand", "ip|expand|cidr"):
        assert expected == networks_of(key, ["%Nets%", "198.51.100.0/24"], HOUSE)
    assert networks_of("ip|expand", "%Nets%", HOUSE) is None
    assert networks_of(5, "%Nets%", HOUSE) is None


@pytest.mark.parametrize("name", ["Nobody", "Empty"])
def test_a_placeholder_without_values_is_refused_with_a_way_out(name):
    """Missing, or there with an empty list."""
    with pytest.raises(NotExpanded) as caught:
        _expanded("user|expand", f"%{name}%")

    assert f"`{name}:` in p.yml" in caught.value.allowed


def test_too_many_combinations_are_refused():
    """They would fill the memory."""
    with pytest.raises(NotHonoured, match=f"at most {MAX_FORMS}"):
        _expanded("user|expand", "%Many%%Many%")

"""Every value of the model that the state keeps comes back from its text as it was."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sentinel.model.agency import Agency, Registry
from sentinel.model.alert import Alert
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.policy import Policy
from sentinel.model.severity import Severity
from sentinel.model.warning import AgencyWarning
from sentinel.store.codec import text_of, value_of
from tests.samples import NOON, a_warning, an_agency, an_alert

SIMPLE = {
    datetime: st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))])),
    timedelta: st.timedeltas(timedelta(0), timedelta(days=400)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=8),
    int: st.integers(),
    bool: st.booleans(),
    NoneType: st.none(),
}


def anything(hint):
    """Any value of this type, as far as the model uses types."""
    hint = getattr(hint, "__supertype__", hint)
    inner = [anything(arg) for arg in get_args(hint) if arg is not ...]
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        return st.one_of(inner)
    if origin is Mapping:
        return st.dictionaries(*inner, max_size=3)
    if origin in {frozenset, list}:
        return {frozenset: st.frozensets, list: st.lists}[origin](*inner, max_size=3)
    if origin is tuple:
        varied = get_args(hint)[-1] is ...
        return st.lists(*inner, max_size=3).map(tuple) if varied else st.tuples(*inner)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(
            hint, **{field.name: anything(hints[field.name]) for field in fields(hint)}
        )
    return SIMPLE[hint] if hint in SIMPLE else st.from_type(hint)


@pytest.mark.parametrize("kind", [Agency, Registry, Alert, AgencyWarning, Event, Detection, Policy])
@settings(max_examples=40)
@given(data=st.data())
def test_a_value_comes_back_as_it_was(kind, data):
    """Networks, enums (as keys too), frozen sets, tuples, times with their zone, numbers."""
    value = data.draw(anything(kind))
    back = value_of(kind, text_of(value))
    assert value == back
    assert types_in(value) == types_in(back)


def types_in(value):
    """The types all through a value: 1, 1.0 and True are equal, and not the same."""
    if is_dataclass(value):
        return {field.name: types_in(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): (type(key), types_in(item)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [type(value), *map(types_in, value)]
    return type(value)


def test_fields_kept_elsewhere_are_left_out_and_put_back():
    """Each in one place alone; a time comes back with its zone."""
    value = an_alert()
    text = text_of(value, without={"opened", "agency", "history"})
    back = value_of(Alert, text, opened=value.opened, agency=None)
    assert "opened" not in text
    assert an_alert(agency=None) == back


def test_text_says_what_a_person_would_say():
    """Words where the model has words, networks as they are written, Vietnamese as it is."""
    text = text_of(an_agency())
    assert '"networks":["192.0.2.0/24"]' in text
    assert '"release":"at-once"' in text
    assert "Sở A" in text


def test_enums_as_keys_come_back_as_enums():
    """JSON has only texts for keys."""
    (key,) = value_of(Mapping[Severity, int], '{"3": 7}')
    assert key is Severity.HIGH


def test_what_is_no_such_value_says_which_field_is_wrong():
    """So that a damaged row can be found."""
    text = text_of(a_warning(created=NOON)).replace('"draft"', '"drft"')
    with pytest.raises(ValidationError, match="state"):
        value_of(AgencyWarning, text)


def test_a_lone_surrogate_is_refused():
    """It is no Unicode text: nothing could write it to a file or send it in a mail."""
    with pytest.raises(ValueError, match="surrogates not allowed"):
        text_of(an_alert(assignee="\ud800"))

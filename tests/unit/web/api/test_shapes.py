"""What the shapes guarantee, whatever goes into them."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from sentinel.web.api import shapes
from tests.samples import NOON

SHAPES = [
    shape
    for shape in vars(shapes).values()
    if isinstance(shape, type) and issubclass(shape, shapes.Shape)
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())


class Holder(BaseModel):
    value: shapes.Value


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_shape_is_documented_and_closed(shape):
    """It has a sentence, and an internal field put in by mistake is an error, not an answer."""
    assert shape.__doc__
    assert shape.model_config["extra"] == "forbid"


def test_times_are_in_utc():
    """Whatever zone a time comes in, it leaves with a Z."""
    seven = timezone(timedelta(hours=7))
    entry = shapes.EntryShape(at=NOON.astimezone(seven), who="", action="opened", reason="")

    assert json.loads(entry.model_dump_json())["at"] == "2026-11-22T05:00:00Z"


def test_a_time_of_day_without_a_zone_becomes_no_answer():
    """A naive time is a fault of ours; it is not guessed at."""
    with pytest.raises(ValidationError):
        shapes.EntryShape(at=datetime(2026, 11, 22, 5, 0), who="", action="x", reason="")  # noqa: DTZ001 - the point


@given(SCALARS | st.lists(SCALARS, max_size=4))
def test_any_value_of_an_event_survives_as_json(value):
    """Type and content stay: true is not 1, 1 is not "1"; what JSON lacks is written out."""
    text = Holder(value=value).model_dump_json()

    assert shapes.speakable(value) == json.loads(text)["value"]
    assert type(shapes.speakable(value)) is type(json.loads(text)["value"])


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        ("\ud800x", "\\ud800x"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (["\udfff", 1], ["\\udfff", 1]),
        (True, True),
    ],
)
def test_what_json_cannot_carry_is_written_out(value, spoken):
    """Visible, not lost and not an error."""
    assert spoken == shapes.speakable(value)

"""The shapes of Windows events in JSON: what each field is called without its wrapping."""

import pytest

from sentinel.normalise.windows.shapes import is_shaped, unshaped


def _event(system, data=None, **parts):
    return {"Event": {"System": {"EventID": 1} | system, "EventData": data or {}} | parts}


@pytest.mark.parametrize(
    "provider",
    [
        {"Provider": {"#attributes": {"Name": "p", "Guid": "{1}"}}},
        {"Provider": {"@attributes": {"Name": "p", "Guid": "{1}"}}},
        {"Provider_attributes": {"Name": "p", "Guid": "{1}"}},
        {"Provider": {"@Name": "p", "@Guid": "{1}"}},
        {"Provider": {"Name": "p", "Guid": "{1}"}},
    ],
)
def test_attributes_are_joined_to_their_tag(provider):
    """However a program marks what was an attribute in the XML."""
    fields = unshaped(_event(provider))

    assert (fields["Provider_Name"], fields["Provider_Guid"]) == ("p", "{1}")


@pytest.mark.parametrize(
    "event_id", [7, {"#text": 7}, {"#text": 7, "#attributes": {"Qualifiers": 1}}, {"Value": 7}]
)
def test_the_number_of_an_event_is_one_number(event_id):
    """With qualifiers, as text of an element, as a value."""
    assert unshaped(_event({"EventID": event_id}))["EventID"] == 7


@pytest.mark.parametrize(
    "data",
    [
        {"Image": "x"},
        {"Data": [{"#attributes": {"Name": "Image"}, "#text": "x"}]},
        {"Data": {"#attributes": {"Name": "Image"}, "#text": "x"}},
        {"Data": [{"@Name": "Image", "#text": "x"}]},
        {"Data": [{"Name": "Image", "Value": "x"}]},
        {"Image": {"#text": "x", "#attributes": {"a": 1}}},
    ],
)
def test_named_data_elements_are_fields(data):
    """Some tools keep the XML's own shape."""
    assert unshaped(_event({}, data))["Image"] == "x"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"Data": {"#text": ["a", "b"]}}, ["a", "b"]),
        ({"Data": ["a", "b"]}, ["a", "b"]),
        ({"Data": "a"}, "a"),
        ({"Data": {"#text": "a"}, "Binary": "00"}, "a"),
    ],
)
def test_data_without_names_is_called_data(data, expected):
    """As rules for old programs have it."""
    assert unshaped(_event({}, data))["Data"] == expected


def test_winlogbeat_counts_data_without_names():
    """Together they are Data again."""
    fields = unshaped({"winlog": {"event_data": {"param1": "a", "param2": "b"}}})

    assert (fields["param1"], fields["Data"]) == ("a", ["a", "b"])


def test_user_data_is_read_below_its_one_element():
    """The names of the leaves are the fields."""
    event = {
        "Event": {
            "System": {"EventID": 1102},
            "UserData": {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "a"}},
        }
    }

    assert unshaped(event) == {"EventID": 1102, "SubjectUserName": "a"}


def test_system_wins_over_data_of_the_same_name():
    """A program's data cannot say which event it is."""
    assert unshaped(_event({"Channel": "a"}, {"Channel": "b", "EventID": 5})) == {
        "EventID": 1,
        "Channel": "a",
    }


def test_data_cannot_speak_for_sentinel():
    """A name of ours in an event's data is nobody's word."""
    forged = {"Data": [{"@Name": "sentinel.logsource.product", "#text": "linux"}], "a": 1}

    assert unshaped(_event({}, forged)) == {"EventID": 1, "a": 1}
    assert "sentinel.names" not in unshaped({"winlog": {"event_data": {"sentinel.names": "x"}}})


def test_the_rendered_message_is_kept():
    """Where the sender rendered it."""
    assert unshaped(_event({}, RenderingInfo={"Message": "m"}))["Message"] == "m"
    assert unshaped(_event({}, Message="m"))["Message"] == "m"


def test_a_part_may_stand_in_the_name():
    """As flat JSON of nested events has it."""
    fields = unshaped(
        {
            "Event.System.Provider.#attributes.Name": "p",
            "Event.System.EventID": 1,
            "Event.EventData.Image": "x",
            "winlog.event_data.User": "u",
            "winlog.process.thread.id": 4,
        }
    )

    assert {
        "Provider_Name": "p",
        "EventID": 1,
        "Image": "x",
        "User": "u",
        "Execution_ThreadID": 4,
    }.items() <= fields.items()


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"Event": {}}, True),
        ({"data": {"win": {}}}, True),
        ({"win.system.eventID": 1}, True),
        ({"System": {"EventID": 1}}, True),
        ({"System": {"load": 1}}, False),
        ({"data": {"x": 1}}, False),
        ({"window": {}}, False),
    ],
)
def test_shapes_are_known(record, expected):
    """By what they are wrapped in."""
    assert expected == is_shaped(record)

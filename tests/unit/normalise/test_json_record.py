"""A JSON object becomes the fields of an event, with the names that are wanted."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.normalise.json_record import Wanted, also_called, fields_of

EVENT = {
    "EventID": 1,
    "Channel": "Microsoft-Windows-Sysmon/Operational",
    "Image": "C:\\a.exe",
}

NAMES = st.sampled_from(
    (
        *("EventID", "Channel", "Provider_Name", "System", "EventData", "UserData", "Event"),
        *("winlog", "winlog.event_id", "winlog.event_data", "Data", "#text", "#attributes"),
        *("@Name", "Name", "win", "data", "system", "Image", "Hashes", "User", "Keywords"),
        *("TargetObject", "ObjectName", "NewProcessName", "process", "executable", "a b", ""),
    )
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(allow_nan=False),
    st.sampled_from(("Security", "Microsoft-Windows-Sysmon/Operational", "4688", "1", "-", "a\\b")),
)
OBJECTS = st.recursive(
    SCALARS,
    lambda within: st.lists(within, max_size=3) | st.dictionaries(NAMES, within, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(NAMES, OBJECTS, max_size=8))
def test_no_object_breaks_the_reading(record):
    """Whatever is wanted: names are text, values are single ones or lists of them."""
    for wanted in Wanted:
        fields = fields_of(record, wanted)
        values = [
            each
            for value in fields.values()
            for each in (value if isinstance(value, list) else [value])
        ]

        assert all(isinstance(name, str) for name in fields)
        assert all(isinstance(each, str | int | float | None) for each in values)


def test_windows_events_have_the_names_that_are_wanted():
    """Their own, ECS, or both."""
    native, ecs, both = (fields_of(EVENT, wanted) for wanted in Wanted)

    assert (native["Image"], "process.executable" in native) == ("C:\\a.exe", False)
    assert (ecs["process.executable"], "Image" in ecs) == ("C:\\a.exe", False)
    assert both["Image"] == both["process.executable"] == both["winlog.event_data.Image"]
    assert [each.get("sentinel.names") for each in (native, ecs, both)] == [
        "native",
        None,
        "native",
    ]


def test_exports_of_search_engines_are_unwrapped():
    """Elasticsearch's and Splunk's; other objects of that name stay where they are."""
    hit = {"_index": "logs", "_source": EVENT}
    result = {"preview": False, "result": EVENT}

    for wrapped in (hit, result):
        assert fields_of(wrapped, Wanted.NATIVE) == fields_of(EVENT, Wanted.NATIVE)
    assert fields_of({"result": {"a": 1}}, Wanted.NATIVE) == {"result.a": 1}


def test_other_objects_keep_their_names():
    """Whatever is wanted."""
    record = {"_path": "dns", "ts": 1, "id": {"orig_h": "192.0.2.7"}}
    found = [fields_of(record, wanted) for wanted in Wanted]

    assert found[0] == found[1] == found[2]
    assert found[0]["id.orig_h"] == "192.0.2.7"
    assert found[0]["sentinel.logsource.product"] == "zeek"


def test_a_value_stands_under_all_its_names():
    """Several values of one name are a list; what is the same is there once."""
    called = {
        "Image": ("process.executable",),
        "User": ("user.name",),
        "SubjectUserName": ("user.name",),
        "ProcessId": ("process.pid",),
        "None": ("x",),
    }
    fields = {
        "Image": "C:\\A.exe",
        "User": "SO-A\\bob",
        "SubjectUserName": "eve",
        "ProcessId": "7",
        "process.pid": 7,
        "process.executable": "c:\\a.exe",
        "user.name": "bob",
        "None": None,
    }

    assert also_called(fields, called) == fields | {"user.name": ["bob", "SO-A\\bob", "eve"]}


def test_plain_names_stand_behind_each_prefix():
    """What has a dot is somebody's full name already; a name that is there stays."""
    fields = {"Level": 4, "a.b": 1, "x.Level": 5}

    assert also_called(fields, {}, ("x.", "y.")) == fields | {"y.Level": 4}


def test_what_nxlog_says_of_its_own_accounts_is_nobodys_name():
    """The account under which an event was logged is not the one it tells of."""
    fields = {"SourceModuleName": "in", "AccountName": "SYSTEM"}

    assert "user.name" not in also_called(fields, {"AccountName": ("user.name",)})
    assert (
        also_called({"AccountName": "bob"}, {"AccountName": ("user.name",)})["user.name"] == "bob"
    )

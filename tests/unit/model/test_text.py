"""Text in both languages."""

from sentinel.model.text import Language, LocalList, LocalText


def test_a_text_is_asked_for_by_language():
    """One text, two languages; one list, two languages."""
    assert LocalText(vi="cao", en="high")[Language.VI] == "cao"
    assert LocalText(vi="cao", en="high")[Language.EN] == "high"
    assert LocalList(vi=("một",), en=("one",))[Language.VI] == ("một",)
    assert LocalList(vi=("một",), en=("one",))[Language.EN] == ("one",)

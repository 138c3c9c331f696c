"""The mailer in memory: it keeps, and it refuses when told to."""

import asyncio

import pytest

from sentinel.errors import TemporaryRefusal
from sentinel.warn.memory import MemoryMailer
from sentinel.warn.message import build
from tests.samples import NOON
from tests.unit.warn.letters import a_released, an_issuer

(COPY,) = a_released().deliveries
MESSAGE = build(COPY, an_issuer(), NOON, repeat=False)


def _send(mailer, recipient="truc@so-a.example"):
    return asyncio.run(mailer.send(MESSAGE, "from@canhbao.example", recipient))


def test_it_keeps_what_it_was_given():
    mailer = MemoryMailer()

    _send(mailer)

    assert mailer.kept == {COPY.message_id: MESSAGE}


def test_it_refuses_one_recipient_as_often_as_told():
    mailer = MemoryMailer()
    mailer.refuse("truc@so-a.example", TemporaryRefusal("451"))

    assert _send(mailer, "other@so-a.example").startswith("250")
    with pytest.raises(TemporaryRefusal, match="451"):
        _send(mailer)
    assert _send(mailer).startswith("250")

"""The shipped rule set and a made-up issuer, for tests of everything that warns."""

from sentinel.documents import SourceText
from sentinel.model.policy import Issuer, Policy
from sentinel.model.text import LocalText
from sentinel.resources import shipped
from sentinel.settings import load_policy


def the_policy() -> Policy:
    """The shipped Vietnamese rule set."""
    file = shipped("config").joinpath("policy", "vn", "policy.yml")
    return load_policy(SourceText("policy.yml", file.read_text(encoding="utf-8")))


def an_issuer() -> Issuer:
    """Who warns, in tests."""
    return Issuer(
        name=LocalText(vi="Trung tâm giám sát", en="Monitoring centre"),
        phone="+84 24 0000 0000",
        email="truc@sentinel.example",
        public_url="https://canhbao.example",
        mail_domain="sentinel.example",
    )

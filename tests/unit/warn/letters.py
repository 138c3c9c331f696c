"""What the tests of warnings share: an issuer, a policy, warnings drafted and released."""

from dataclasses import replace
from datetime import timedelta

from sentinel.model.agency import Tlp
from sentinel.model.policy import Deadlines, Issuer, Policy, ScoreWeights
from sentinel.model.severity import Severity
from sentinel.model.text import LocalText
from sentinel.model.warning import AgencyWarning
from sentinel.warn import release
from tests.samples import NOON, CountingTokens, an_agency, an_alert

HOURS = {
    Severity.CRITICAL: 1,
    Severity.HIGH: 4,
    Severity.MEDIUM: 8,
    Severity.LOW: 24,
    Severity.INFORMATIONAL: 72,
}
NUMBER = "CB-2026-000123"
APPROVED = NOON + timedelta(minutes=30)


def an_issuer(**changes) -> Issuer:
    issuer = Issuer(
        name=LocalText(
            vi="Trung tâm Giám sát an toàn thông tin", en="Information Security Monitoring Centre"
        ),
        phone="+84 24 0000 0000",
        email="truc@canhbao.example",
        public_url="https://canhbao.example",
        mail_domain="canhbao.example",
    )
    return replace(issuer, **changes)


def a_policy(**changes) -> Policy:
    policy = Policy(
        name="vn",
        version="2026-11-21",
        series="CB",
        deadlines=Deadlines(
            triage={severity: timedelta(minutes=30) for severity in Severity},
            acknowledge={severity: timedelta(hours=hours) for severity, hours in HOURS.items()},
            report=timedelta(days=5),
            source=LocalText(
                vi="Điều 9 Thông tư 20/2017/TT-BTTTT", en="Circular 20/2017/TT-BTTTT, article 9"
            ),
        ),
        weights=ScoreWeights(level={}, asset={}, confidence={}, repetition=()),
        tlp_meaning={
            tlp: LocalText(
                vi="Chỉ chia sẻ trong cơ quan nhận, cho người cần biết để xử lý.",
                en="Only inside the receiving organisation, to those who need it in order to act.",
            )
            for tlp in Tlp
        },
    )
    return replace(policy, **changes)


def a_draft(**changes) -> AgencyWarning:
    return replace(release.draft(an_alert(), an_agency(), NOON), **changes)


def a_released(**changes) -> AgencyWarning:
    """Number CB-2026-000123, approved half an hour after noon, a copy for each contact.

    The changes are those of `release.released`: warning, alert, agency, who, at, issuer, ...
    """
    alert = changes.pop("alert", None) or an_alert()
    agency = changes.pop("agency", None) or an_agency()
    given = {
        "number": NUMBER,
        "who": "Trần B",
        "at": APPROVED,
        "tokens": CountingTokens(),
        "policy": a_policy(),
        "issuer": an_issuer(),
    } | changes
    warning = given.pop("warning", None) or release.draft(alert, agency, NOON)
    return release.released(warning, alert, agency, **given)

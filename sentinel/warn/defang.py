"""Indicators that nobody can click: hxxp://, example[.]com, 203.0.113[.]45, 2001:db8:[:]1.

A warning names the attacker's addresses, and mail programs turn whatever looks like a link into
one. What is defanged can be read aloud, compared and, with `refang`, put into a firewall.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

_SCHEME = re.compile(r"h(tt)p(?=s?://)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?<!hxxp)(?<!hxxps)://", re.IGNORECASE)
_IPV4 = re.compile(
    r"(?<![\d.])(?<!\[\.\])([0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})\.([0-9]{1,3})(?![0-9])"
)
_IPV6 = re.compile(r"(?<![0-9A-Za-z:.])(?<!\[:\])[0-9A-Fa-f:]{3,39}(?![0-9A-Za-z:]|\[:\])")
_NAME = re.compile(r"[\w.-]+")
_ENDING = re.compile(r"[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59}", re.IGNORECASE)

# Endings of file names that are no top-level domain: "auth.log" stays as it is.
_FILE = re.compile(
    r"asp|aspx|bat|bin|cgi|class|cpp|deb|dll|elf|exe|hta|htm|html|jar|java|js|jsp|jspx|ko|lua|msi"
    r"|out|php|phtml|rpm|scr|ts|vbe|vbs|war|wsf"
    r"|cfg|conf|config|ini|json|service|socket|sys|timer|toml|xml|yaml|yml"
    r"|bak|csv|dat|db|doc|docx|err|evt|evtx|gif|ico|img|jpeg|jpg|lnk|lock|log|lst|old|pcap|pdf|png"
    r"|ppt|pptx|rtf|sql|sqlite|svg|tmp|txt|xls|xlsm|xlsx"
    r"|crt|gz|key|pem|rar|tar|tgz|xz"
)
# Endings that are both: a file only behind a slash ("/tmp/run.sh"), else a domain ("run[.]sh").
_FILE_IN_PATH = re.compile(rf"{_FILE.pattern}|app|com|md|pl|pub|py|rs|sh|so|zip")

_REFANG_SCHEME = re.compile(r"h(xx)p(?=s?://)", re.IGNORECASE)


def defang(text: str) -> str:
    """Break every URL, domain name, mail address and IP address; twice does no more than once."""
    text = _SCHEME.sub(lambda found: _swap(found[0], found[1], "xx"), text)
    text = _OTHER_SCHEME.sub("[:]//", text)
    text = _IPV4.sub(r"\1[.]\2", text)
    text = _IPV6.sub(_ipv6, text)
    return _NAME.sub(_name, text)


def refang(text: str) -> str:
    """Give indicators their working form back, for machines."""
    text = text.replace("[.]", ".").replace("[:]", ":")
    return _REFANG_SCHEME.sub(lambda found: _swap(found[0], found[1], "tt"), text)


def _swap(word: str, old: str, new: str) -> str:
    """Exchange two letters and keep the case of each: HtTp becomes HxXp."""
    cased = "".join(n.upper() if o.isupper() else n for o, n in zip(old, new, strict=True))
    return word.replace(old, cased, 1)


def _ipv6(found: re.Match[str]) -> str:
    address = found[0]
    try:
        IPv6Address(address)
    except AddressValueError:
        return address
    head, _, tail = address.rpartition(":")
    return f"{head}[:]{tail}" if address.strip(":") else address


def _name(found: re.Match[str]) -> str:
    token = found[0]
    name = token.strip(".-_")
    ending = name.rpartition(".")[2].lower()
    if "." not in name or not _ENDING.fullmatch(ending):
        return token
    if (_FILE_IN_PATH if _in_path(found) else _FILE).fullmatch(ending):
        return token
    return token.replace(name, name.replace(".", "[.]"), 1)


def _in_path(found: re.Match[str]) -> bool:
    """Whether a name stands behind a slash that does not begin a host ("//host")."""
    before = found.string[max(found.start() - 2, 0) : found.start()]
    return before.endswith(("/", "\\")) and before not in ("//", "\\\\")

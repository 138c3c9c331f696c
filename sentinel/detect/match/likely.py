"""How often a text stands in the values of real logs: what makes one clue better than another.

An estimate only decides how quick the matcher is, never what it finds.
"""

from __future__ import annotations

from functools import lru_cache

# What is in many values of Windows event logs, measured on Sysmon, Security and PowerShell logs of
# several organisations; in parts of a hundred of the values of the fields that rules ask for.
_COMMON: dict[int, tuple[str, ...]] = {
    90: (
        ".exe", ".dll", ".dll+", "microsoft corporation", "security", "powershell", "true", "valid",
    ),
    80: (r"c:\windows\system32\ntdll.dll+", r"c:\windows\system32\kernelbase.dll+", "0x0", "false"),
    70: (
        r"c:\windows\system32\svchost.exe", "kerberos", "imphash=", "%%1833", "0x1", "-alias",
        "key",
    ),
    60: (r"\software\microsoft\windows\currentversion", r"\registry\machine\system", "localhost"),
    50: (
        "c:\\users\\", "\\appdata\\local\\microsoft\\windows\\", "system", "authority",
        "0x40810000",
    ),
    40: (
        "hklm\\system\\currentcontrolset\\services\\", r"\system\currentcontrolset\control\lsa",
        "hku",
    ),
    35: (
        "binary data", "enabled", "hidden", "foreach", "-s-1-5-21-", "s-1-5-32-544", "0x3e7", "c$",
    ),
    30: ("%comspec% /c start", r"\psexesvc.exe", " -nop -sta -w 1 -enc ", "krbtgt", "negotiate"),
    25: ("ipc$", "c:\\windows\\temp\\", "c:\\programdata\\", "new-object ", "high", "medium"),
    20: (
        r"\services.exe", "[zonetransfer]  zoneid=3", "-erroraction silentlycontinue",
        "dword (0x00000001)",
    ),
    15: (
        "svchost.exe -k netsvcs -p -s schedule", "-embedding", ".pf", "127.0.0.1", "::1", "tcp",
        "set-alias ",
    ),
    10: (
        r"\wmiprvse.exe", r"\conhost.exe 0xffffffff -forcev1", r"\cmd.exe /c ", r"\explorer.exe",
        ".ps1", ".dat",
    ),
    8: (
        r"\lsass.exe", "\\appdata\\local\\temp\\", "\\desktop\\", "network service", "0x1fffff",
        "file",
    ),
    5: (
        r"\powershell.exe", "-noprofile -executionpolicy bypass", "\\downloads\\", ".log", ".txt",
        ".xml", ".tmp",
    ),
    4: (
        r"\software\microsoft\windows nt\currentversion", "\\software\\microsoft\\office\\",
        "(default)",
    ),
    3: (
        r"\rundll32.exe", r"\searchindexer.exe", r"\wermgr.exe", r"\taskhostw.exe", r"\dllhost.exe",
        "root",
    ),
    2: (
        "frombase64string", "whoami", "iex ", "invoke-", "get-ciminstance", "\\tasks\\",
        "\\policies\\",
    ),
    1: (
        r"\net.exe", r"\reg.exe", r"\sc.exe", r"\wmic.exe", "schtasks", "mozilla/5.0",
        "administrator", "http",
    ),
}  # fmt: skip

_SHARES = tuple(
    (text.replace(r"\\", "\\"), part / 100) for part, texts in _COMMON.items() for text in texts
)

_UNKNOWN = 0.6  # to the power of the length: what is long and not known to be common is rare


@lru_cache(maxsize=65536)
def rate(text: str) -> float:
    """The estimated share of values that contain this folded text, 0 to 1."""
    known = (share for common, share in _SHARES if text in common)
    return max(_UNKNOWN ** len(text), *known, 0.0)

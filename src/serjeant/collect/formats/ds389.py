r"""389 Directory Server (and Red Hat's and FreeIPA's): its access log (source: Directory Server's log reference).

A bind's name stands in ``BIND``, a probe; what became of it in ``RESULT`` of the same ``conn=… op=…``, the session. The
client's address stands in the line that opens the connection.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_LDAP = {"service": "ldap"}
_OPERATION = r"^(?P<session_uid>conn=[0-9]+ op=[0-9]+) "
_NAME = r'dn="(?:[A-Za-z]+=(?P<user_name>[^,"]+)(?:,[^"]*)?)"'
_RESULT = r"RESULT err=%s tag=97 nentries=[0-9]+ .*$"


def _when(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``05/Jun/2026:09:12:33.123456789 +0000``."""
    return dated(stamps, "%d/%b/%Y:%H:%M:%S%.f %z", clock)


def _result(name: str, codes: str, outcome: str, reason: str) -> Rule:
    return Rule(name, _OPERATION + _RESULT % codes, outcome, reason, "daemon", _LDAP)


_RULES = (
    Rule("bind", _OPERATION + "BIND " + _NAME + r" method=128 version=[23]$", "refused", "other", "probe", _LDAP),
    Rule("right", _OPERATION + r"RESULT err=0 tag=97 nentries=0 .*" + _NAME + "$", "success", None, "daemon", _LDAP),
    _result("wrong", "49", "failure", "bad_password"),
    _result("nobody", "32", "failure", "unknown_account"),
    _result("refused", "(?:8|13|19|48|50|53)", "refused", "policy"),
    _result("trouble", "(?:1|2|3|51|52|80)", "refused", "backend"),
    Rule(
        "other",
        r"^(?:389-Directory|\[[^\]]*\] )?(?:conn=[^ ]+ (?:\(Internal\) )?)?(?:op=[^ ]+ )?(?:fd=[0-9]+ slot=[0-9]+ "
        r")?(?:SSL "
        r"connection|connection|RESULT|BIND|AUTOBIND|UNBIND|SRCH|MOD|ADD|DEL|CMP|EXT|ABANDON|closed|TLS|SSL|SORT|"
        r"VLV|ENTRY|"
        r"STARTTLS|Dir).*$",
    ),
)

FORMAT = Format(
    name="ds389",
    title="389 Directory Server",
    group="identity",
    programs=("ns-slapd", "dirsrv"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "ds389",
            r"^(?P<header>\[(?P<stamp>[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8}(?:\.[0-9]{1,9})? [+-][0-9]{4})\] "
            r")conn=",
            _when,
            program="ns-slapd",
        ),
    ),
    lacks="It tells no address: that stands in a line of the connection, and one connection may bind as many "
    "people. Of a "
    "name it gives the first part.",
)

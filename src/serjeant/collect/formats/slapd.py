r"""OpenLDAP's slapd at ``loglevel stats`` (source: servers/slapd/bind.c, result.c).

A bind is three lines of one operation (``conn=… op=…``, the session): ``BIND dn=… method=128`` names the account and is
a probe, ``RESULT tag=97 err=49`` is a wrong password without a name, ``BIND dn=… mech=SIMPLE`` follows the right one.
The client's address stands in ``ACCEPT``, which belongs to the connection and not to the operation.
"""

from serjeant.collect.format import Format, Rule

_LDAP = {"service": "ldap"}
_OPERATION = r"^(?:[0-9a-f]{8}(?:\.[0-9a-f]+ 0x[0-9a-f]+)? )?(?P<session_uid>conn=[0-9]+ op=[0-9]+) "
_OTHER = r"^(?:[0-9a-f]{8}(?:\.[0-9a-f]+ 0x[0-9a-f]+)? )?(?:conn=-?[0-9]+ )?(?:op=[0-9]+ )?(?:fd=[0-9]+ )?"
_DN = r'BIND dn="(?:[A-Za-z]+=(?P<user_name>[^,"]+)(?:,[^"]*)?)" '
_RESULT = r"RESULT (?:oid=[^ ]* )?tag=97 err=%s(?: qtime=[0-9.]+)?(?: etime=[0-9.]+)? text=.*$"


def _result(name: str, codes: str, outcome: str, reason: str) -> Rule:
    return Rule(name, _OPERATION + _RESULT % codes, outcome, reason, "daemon", _LDAP)


_RULES = (
    Rule("bind", _OPERATION + _DN + "method=128$", "refused", "other", "probe", _LDAP),
    Rule(
        "right",
        _OPERATION + _DN + r"mech=(?P<auth_protocol>[^ ]+)(?: bind_ssf=[0-9]+)? ssf=[0-9]+$",
        "success",
        None,
        "daemon",
        _LDAP,
    ),
    _result("wrong", "49", "failure", "bad_password"),
    _result("nobody", "(?:32|34)", "failure", "unknown_account"),
    _result("refused", "(?:8|13|48|50|53)", "refused", "policy"),
    _result("trouble", "(?:1|2|3|51|52|80)", "refused", "backend"),
    Rule("result_other", _OTHER + r"RESULT (?:oid=[^ ]* )?tag=97 err=(?:0|7|14) .*$"),
    Rule("bind_other", _OTHER + r'BIND (?:dn="[^"]*" method=(?:0|163|128)|anonymous |authcid=|dn="" ).*$'),
    Rule(
        "other",
        _OTHER + r"(?:ACCEPT|closed|UNBIND|SRCH|SEARCH|MOD|ADD|DEL|CMP|ABANDON|EXT|STARTTLS|PASSMOD|WHOAMI|CANCEL|TLS |"
        r"PROXYAUTHZ|"
        r"ENTRY|REFRESH|INTERM|DISCONNECT|RESULT (?:oid=[^ ]* )?tag=(?:[0-8]|9[0-689]|10[0-9]|11[0-9]|12[0-9])|do_bind|"
        r"slap|daemon|connection_|@\(#\)|bdb_|mdb_|hdb_|<=|=>|==>|ppolicy|syncrepl|syncprov|\[rw\]|send_|deferring|"
        r"config|line |main|warning|lt_|loaded|backend_|null_|Entry ).*$",
    ),
)

FORMAT = Format(
    name="slapd",
    title="OpenLDAP slapd",
    group="identity",
    programs=("slapd",),
    rules=_RULES,
    lacks="It tells no address: that stands in a line of the connection, and one connection may bind as many "
    "people. Of a "
    "name it gives the first part.",
)

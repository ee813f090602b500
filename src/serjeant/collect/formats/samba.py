r"""Samba's authentication audit (``log level = 1 auth_audit:3`` or ``auth_json_audit:3``), in its log file or syslog.

Source: auth/auth_log.c. Domain, name and workstation are what the client says, so a line of text is read only where no
field holds a bracket; any other tells that somebody failed, and no more. Samba judges the password before it says
disabled, expired or outside of hours (tried on a domain controller of release 4.17), but not before it says locked.
``AuthZ`` opens the session of somebody who had signed in before.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, iso

_SAYS = {
    "right": ("success", None, "OK"),
    "wrong": ("failure", "bad_password", "WRONG_PASSWORD|LOGON_FAILURE"),
    "unknown": ("failure", "unknown_account", "NO_SUCH_USER"),
    "disabled": ("challenged", "disabled", "ACCOUNT_DISABLED"),
    "expired": ("challenged", "expired", "PASSWORD_EXPIRED|PASSWORD_MUST_CHANGE|ACCOUNT_EXPIRED"),
    "restricted": (
        "challenged",
        "policy",
        "INVALID_LOGON_HOURS|INVALID_WORKSTATION|ACCOUNT_RESTRICTION|LOGON_TYPE_NOT_GRANTED",
    ),
    "second_factor": ("challenged", "mfa", "SMARTCARD_LOGON_REQUIRED"),
    "locked": ("refused", "locked", "ACCOUNT_LOCKED_OUT"),
    "not_allowed": ("refused", "policy", "AUTHENTICATION_FIREWALL_FAILED|NTLM_BLOCKED|ACCESS_DENIED"),
    "no_server": (
        "refused",
        "backend",
        "NO_LOGON_SERVERS|NO_SUCH_DOMAIN|TRUSTED_DOMAIN_FAILURE|TRUSTED_RELATIONSHIP_FAILURE|IO_TIMEOUT|"
        "DOMAIN_CONTROLLER_NOT_FOUND|INTERNAL_ERROR|NO_TRUST_SAM_ACCOUNT",
    ),
    "failed": ("failure", "other", "[A-Z0-9_]+"),
}
_PLAIN = r"[^\[\]]*"
_PERSON = r"\[" + _PLAIN + r"\]\\\[(?:\(null\)|(?P<user_name>" + _PLAIN + r"))\]"
_REMOTE = (
    r"remote host \[(?:ipv[46]:(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?:(?P<src_port>[0-9]+)|"
    + _PLAIN
    + r")\]"
)
_END = r" (?:became|mapped to) \[" + _PLAIN + r"\]\\\[" + _PLAIN + r"\](?: \[" + _PLAIN + r"\])?\. local host \["
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MACHINE = r"^.*[$](?:@.*)?$"


def _line(person: str, status: str) -> str:
    return (
        r"^ *Auth: \[(?P<service>[^,\[\]]*),"
        + _PLAIN
        + r"\] user "
        + person
        + r" at \["
        + _PLAIN
        + r"\] with \[(?:\(null\)|(?P<auth_protocol>"
        + _PLAIN
        + r"))\] status \[NT_STATUS_(?:"
        + status
        + r")\] workstation \[(?:\(null\)|(?P<client>"
        + _PLAIN
        + r"))\] "
        + _REMOTE
        + _END
        + _PLAIN
        + r"\] *(?:NETLOGON .*)?$"
    )


_MACHINE_LINE = (
    r"^ *Auth: \[" + _PLAIN + r"\] user \[" + _PLAIN + r"\]\\\[" + _PLAIN + r"[$]\] at \[" + _PLAIN + r"\] with .*$"
)
# What smbd says at level 2 itself, without the address; where its audit is on that tells the same attempts.
_NTLM = (
    r"^ *(?:auth_)?check_ntlm_password: +[Aa]uthentication for user \[(?P<user_name>"
    + _PLAIN
    + r")\] -> \["
    + _PLAIN
    + r"\] "
)
_MORE = r"(?:, authoritative=[0-9]+)? *$"
_SMB = {"service": "smb"}
_RULES = (
    Rule("machine", _MACHINE_LINE),
    *(Rule(name, _line(_PERSON, status), outcome, reason, "auth") for name, (outcome, reason, status) in _SAYS.items()),
    *(
        Rule(
            f"ntlm_{name}",
            _NTLM + "FAILED with error NT_STATUS_(?:" + status + ")" + _MORE,
            "failure",
            reason,
            "daemon",
            _SMB,
        )
        for name, reason, status in (
            ("unknown", "unknown_account", "NO_SUCH_USER"),
            ("wrong", "bad_password", "WRONG_PASSWORD|LOGON_FAILURE"),
            ("locked", "locked", "ACCOUNT_LOCKED_OUT"),
            ("failed", "other", "[A-Z0-9_]+"),
        )
    ),
    Rule("ntlm_right", _NTLM + r"(?:-> \[" + _PLAIN + r"\] )?succeeded *$", "success", None, "daemon", _SMB),
    # A name with a bracket in it: where it ends nobody can tell.
    Rule(
        "odd_name",
        r"^ *Auth: \[(?P<service>[^,\[\]]*)," + _PLAIN + r"\] user \[(?P<user_name>.*)$",
        "failure",
        "other",
        None,
    ),
    Rule("session", r"^ *Successful AuthZ: .*$"),
    # What a share was opened for, and what pam_winbind tells beside.
    Rule(
        "beside",
        r"^ *(?:[^ ]+ \(ipv[46]:[0-9A-Fa-f.:]+\) (?:signed )?(?:connect to|closed connection to) |"
        r"Plain-text authentication |NTLM CRAP authentication |Kerberos: |connect to ).*$",
    ),
    Rule("place", r"^(?:\.\./\.\./|\.\./|source[0-9]?/)[^ ]+:[0-9]+\([^ ()]+\)$"),
)

_RECORD: dict[str, str | tuple[str, ...]] = {
    "time": "timestamp",
    "event": "type",
    "user_name": "Authentication.clientAccount",
    "src_ip": "Authentication.remoteAddress",
    "service": "Authentication.serviceDescription",
    "auth_protocol": ("Authentication.passwordType", "Authentication.authDescription"),
    "client": "Authentication.workstation",
    "status": "Authentication.status",
}
_AUTHENTICATION = {"event": "^Authentication$"}
_CASES = (
    Case("json_machine", {**_AUTHENTICATION, "user_name": _MACHINE}),
    *(
        Case(f"json_{name}", {**_AUTHENTICATION, "status": f"^NT_STATUS_(?:{status})$"}, outcome, reason)
        for name, (outcome, reason, status) in _SAYS.items()
    ),
    Case(
        "other_event",
        {"event": "^(?:(?:KDC )?Authorization|dsdbChange|dsdbTransaction|(?:password|group)Change|replicatedUpdate)$"},
    ),
)


def _split(found: pl.DataFrame) -> pl.DataFrame:
    """``ipv4:192.0.2.7:1234`` in its parts."""
    parts = pl.col("src_ip").str.extract_groups(r"^ipv[46]:(?P<ip>.*):(?P<port>[0-9]+)$")
    return found.with_columns(src_ip=parts.struct.field("ip"), src_port=parts.struct.field("port"))


def _spelt(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``14 Oct 2021 15:24:12.023984 UTC``, or ``2021/10/14 15:24:12.023984``."""
    parts = stamps.str.extract_groups(r"^([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) (.*)$").struct.unnest()
    day, month, year, rest = (parts[name] for name in parts.columns)
    months = {name: f"{at:02}" for at, name in enumerate(_MONTHS.split(), 1)}
    number = month.replace_strict(months, default=None, return_dtype=pl.String)
    spelt = pl.select(pl.concat_str(year, pl.lit("-"), number, pl.lit("-"), day.str.zfill(2), pl.lit(" "), rest))
    return iso(spelt.to_series().fill_null(stamps.str.replace_all("/", "-", literal=True)), clock)


FORMAT = Format(
    name="samba",
    title="Samba",
    group="windows",
    programs=("smbd", "samba", "winbindd", "rpcd_lsad", "log.samba"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "samba-auth",
            r"^(?P<header> *)(?:Auth|Successful AuthZ): \[[^\[\]]*\] user \[[^\[\]]*\]\\\[[^\[\]]*\]"
            r"(?: \[[^\[\]]*\])? at \[[^ \[\],]+,? (?P<stamp>[0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:.]+ [^ \[\]]+)\] ",
            _spelt,
            program="samba",
        ),
        Envelope(
            "samba-json",
            r"^(?P<header> *(?:JSON [A-Za-z ]+: )?)\{\"timestamp\": ?\"(?P<stamp>[0-9-]{10}T[0-9:.+-]+)\", ?"
            r"\"type\": ?\"[A-Za-z ]+\"",
            iso,
            program="samba",
        ),
        Envelope(
            "samba-place",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}/[0-9]{2}/[0-9]{2} [0-9:.]+), +[0-9]+[^\]]*\] )[^ ]+:[0-9]+\([^ ()]+\)$",
            _spelt,
            program="samba",
        ),
    ),
    records=(Record(_RECORD, _CASES, marks=('"type"', '"timestamp"', '"version"'), derive=_split),),
    values={
        "service": {
            "SMB": "smb",
            "SMB2": "smb",
            "LDAP": "ldap",
            "Kerberos KDC": "kerberos",
            "NETLOGON": "ntlm",
            "DCE/RPC": "rpc",
            "SamLogon": "ntlm",
            "winbind": "ntlm",
        },
    },
    lacks="What a member and its domain controller each tell of one attempt counts on both.",
)

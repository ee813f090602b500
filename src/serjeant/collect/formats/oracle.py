r"""Oracle Database's audit trail in syslog (``AUDIT_SYSLOG_LEVEL``).

Source: Oracle's Database Security Guide: fields as ``NAME:[length] "text"``. Each text has its length before it, which
RE2 cannot count, so a name with quotes in it is not read. Return code 1017 is a wrong name or password.
"""

from serjeant.collect.format import Format, Rule

_DB = {"service": "database"}
_PRE = r"^(?:LENGTH ?: ?['\"][0-9]+['\"] )?"
_STANDARD = (
    _PRE + r".*?USERID ?:\[[0-9]+\] \"(?P<user_name>[^\"]*)\".*? ACTION ?:\[[0-9]+\] \"100\" RETURNCODE ?:\[[0-9]+\] \""
)
_ADDRESS = (
    r"\" COMMENT\$TEXT ?:\[[0-9]+\] \"Authenticated by: [A-Z ]+; ?Client address: \(ADDRESS=\(PROTOCOL=[a-z]+\)"
    r"\(HOST=(?P<src_ip>[0-9A-Fa-f.:]+)\)(?:\(PORT=(?P<src_port>[0-9]+)\))?\).*$"
)
_SYS = (
    _PRE + r"ACTION ?:\[[0-9]+\] ['\"]CONNECT['\"] DATABASE USER ?:\[[0-9]+\] ['\"](?P<user_name>[^'\"]*)['\"] .*"
    r"STATUS ?:\[[0-9]+\] ['\"]"
)


def _codes(prefix: str, head: str, tail: str) -> tuple[Rule, ...]:
    return (
        Rule(prefix + "login", head + "0" + tail, "success", constants=_DB),
        Rule(prefix + "locked", head + "28000" + tail, "failure", "locked", constants=_DB),
        Rule(prefix + "expired", head + "(?:28001|28002)" + tail, "challenged", "expired", constants=_DB),
        Rule(prefix + "no_right", head + "1045" + tail, "challenged", "policy", constants=_DB),
        Rule(prefix + "failed", head + "[0-9]+" + tail, "failure", "bad_password", constants=_DB),
    )


FORMAT = Format(
    name="oracle",
    title="Oracle Database audit trail",
    programs=("Audit", "oracle", "oracle_audit"),
    rules=(
        *_codes("", _STANDARD, _ADDRESS),
        *_codes("bare_", _STANDARD, '\\".*$'),
        *_codes("sys_", _SYS, "['\\\"](?: .*)?$"),
        Rule("other", _PRE + r"(?:SESSIONID|ACTION) ?:\[[0-9]+\] .*$"),
    ),
    gives=("time", "user_name", "src_ip", "src_port", "dst_host", "service", "outcome", "reason"),
    lacks="It does not tell whether the name exists; of administrators' sign-ins it does not tell the address.",
)

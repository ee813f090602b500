r"""VMware ESXi and vCenter: hostd, vpxd's events, and vCenter's single sign-on.

Sources: VMware's list of vim.event classes, hostd.log, sso/audit_events.log. On ESXi hostd tells of each password
(``Rejected password for user``); its events of the same attempts are left out, while vpxd writes nothing else.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, dated, iso

_ADDRESS = r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+)(?:%[0-9A-Za-z_.-]+)?"
_CONSOLE = {"service": "console"}
_HEAD = r"^(?:[a-z]+ [a-z]+\[[0-9A-Fa-f]+\] )?(?:\[Originator@[^\[\]]*\] )?"
_EVENT = _HEAD + r"Event \[[0-9]+\] \[[0-9-]+\] \[[0-9TZ:.+-]+\] \[(?:vim\.event\.)?%s\] \[[a-z]+\] .*\["
_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"


def _sso_time(stamps: pl.Series, clock: Clock) -> pl.Series:
    """``06/05/2026 09:12:33 UTC``."""
    return dated(stamps.str.replace(" UTC", " +0000", literal=True), "%m/%d/%Y %H:%M:%S %z", clock)


_RULES = (
    Rule(
        "rejected",
        _HEAD + "Rejected password for user (?P<user_name>.*) from " + _ADDRESS + "$",
        "failure",
        "bad_password",
        None,
        _CONSOLE,
    ),
    Rule(
        "accepted",
        _HEAD + "Accepted password for user (?P<user_name>.*) from " + _ADDRESS + "$",
        "success",
        None,
        None,
        _CONSOLE,
    ),
    Rule(
        "event_denied",
        _EVENT % "NoAccessUserEvent" + r"Cannot login (?:user )?(?P<user_name>.*)@" + _ADDRESS + r": no permission\]$",
        "challenged",
        "policy",
        None,
        _CONSOLE,
    ),
    Rule(
        "event_wrong",
        _EVENT % "[A-Za-z]*" + "Cannot login (?P<user_name>.*)@" + _ADDRESS + r"(?:: [a-z ]+)?\]$",
        "failure",
        "bad_password",
        None,
        _CONSOLE,
    ),
    # The client's own text stands behind; nobody who gets in has spaces in his name.
    Rule(
        "event_right",
        _HEAD
        + r"Event \[[^\[\]]*\](?: \[[^\[\]]*\]){7} \[User (?P<user_name>[^ \[\]]*)@"
        + _ADDRESS
        + r" logged in as .*\]$",
        "success",
        None,
        None,
        _CONSOLE,
    ),
    Rule("event_host", _HEAD + "Event [0-9]+ : .*$"),
    Rule(
        "event_other",
        _HEAD + r"Event \[[0-9]+\] \[[0-9-]+\] \[[^\[\]]*\] \[(?:vim\.event\.)?(?:Task|Alarm|Vm|Host|User"
        r"(?:Logout|Password)|Event|Scheduled|Enter|Exit|Custom|ad|esx|com|vprob|Ds|Dv|Dr|Cluster|Datastore|Account|Role|"
        r"Perm|Global|License|Migr|Drs|Das|Template|Resource|Session|Profile|Upd|Bad[A-TV-Z]).*$",
    ),
)

_TYPE = r"^com\.vmware\.sso\.%s$"

FORMAT = Format(
    name="esxi",
    title="VMware ESXi and vCenter",
    group="hosts",
    programs=("Hostd", "hostd", "vpxd", "vmware-vpxd", "vpxd-main"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "hostd",
            r"^(?P<header>(?P<stamp>" + _STAMP + r") )[a-z]+ (?:hostd|vpxd)\[[0-9A-Fa-f]+\] \[Originator@",
            iso,
            program="Hostd",
        ),
        Envelope(
            "hostd-8",
            r"^(?P<header>(?P<stamp>"
            + _STAMP
            + r") [A-Z][a-z]\([0-9]+\) (?:Hostd|hostd)\[(?P<pid>[0-9]+)\]: )\[Originator@",
            iso,
            program="Hostd",
        ),
    ),
    records=(
        Record(
            fields={
                "time": "timestamp",
                "user_name": "user",
                "src_ip": "client",
                "type": "type",
                "says": "description",
            },
            cases=(
                Case(
                    "sso_wrong", {"type": _TYPE % "LoginFailure"}, "failure", "bad_password", None, {"service": "web"}
                ),
                Case("sso_right", {"type": _TYPE % "LoginSuccess"}, "success", None, None, {"service": "web"}),
                Case("sso_other", {"type": r"^com\.vmware\.sso\..*$"}),
            ),
            marks=('"com.vmware.sso.', '"client"', '"timestamp"'),
            time=_sso_time,
        ),
    ),
    lacks="It does not tell an account that is locked from a wrong password.",
)

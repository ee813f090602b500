"""Fortinet FortiGate, FortiOS 4 to 7 (FortiWeb and FortiManager alike): ``key=value`` by syslog or from disk, and CSV.

Source: FortiOS Log Message Reference (event log: vpn, system, user).

The web login (39424) and the tunnel that follows it (39947) bear one ``tunnelid``: the second counts only where the
first is missing. A name that FortiGate does not want to tell is ``N/A`` there. Quotes inside a value are not always
escaped, so a name with a quote may hide what stands behind it.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import bsd, iso

_SSL_FAIL = "^ssl-login-fail$"
_FAILED = "^(?:fail|failed|failure)$"
_VPN: dict[str, str | bool] = {"service": "vpn"}
_ADMIN: dict[str, str | bool] = {"service": "console"}
_SECOND: dict[str, str | bool] = {"is_mfa": True}
_USER: dict[str, str | bool] = {"service": "web"}
_SYSTEM = "^(?:system|admin)$"
_SOMEBODY = "^(?:[^N].*|N[^/].*|N/[^A].*|N/A.+|N/?)$"


def _ssl(name: str, outcome: str, reason: str, why: str) -> Case:
    return Case(
        name, {"action": _SSL_FAIL, "why": why}, outcome, reason, None, _VPN | (_SECOND if reason == "mfa" else {})
    )


_CASES = (
    _ssl("ssl_unknown", "failure", "unknown_account", "^(?:sslvpn_login_unknown_user|sslvpn_login_user_not_found)$"),
    _ssl("ssl_policy", "failure", "policy", "^sslvpn_login_(?:no_matching_policy|cert_.*|.*host_?check.*)$"),
    _ssl("ssl_expired", "challenged", "expired", "^sslvpn_login_password_expired$"),
    _ssl("ssl_second", "challenged", "mfa", "^.*(?:two.?factor|[Tt]oken|2fa|OTP).*$"),
    _ssl("ssl_locked", "failure", "locked", "^.*(?:too_many|block|lock|exceed).*$"),
    _ssl("ssl_wrong", "failure", "bad_password", "^.*$"),
    Case("ssl_web", {"action": "^tunnel-up$", "tunnel": "^ssl-web$"}, "success", None, "daemon", _VPN),
    Case("ssl_tunnel", {"action": "^tunnel-up$", "tunnel": "^ssl-tunnel$"}, "success", None, "probe", _VPN),
    Case("xauth_wrong", {"xauth": "^XAUTH_FAIL.*$"}, "failure", "bad_password", None, _VPN),
    Case("xauth", {"xauth": "^XAUTH_SUCC.*$"}, "success", None, None, _VPN),
    Case("eap_wrong", {"action": "^negotiate$", "eap": _SOMEBODY, "status": _FAILED}, "failure", "bad_password", None,
         _VPN),
    Case("eap", {"action": "^negotiate$", "eap": _SOMEBODY, "result": "^XAUTH authentication succe.*$"}, "success",
         None, None, _VPN),
    Case(
        "admin_blocked",
        {"action": "^login$", "area": _SYSTEM, "why": "^(?:exceed_limit|.*too_many.*)$"},
        "refused",
        "locked",
        None,
        _ADMIN,
    ),
    Case(
        "admin_unknown",
        {"action": "^login$", "area": _SYSTEM, "status": _FAILED, "why": "^name_invalid$"},
        "failure",
        "unknown_account",
        None,
        _ADMIN,
    ),
    Case(
        "admin_second",
        {"action": "^login$", "area": _SYSTEM, "status": _FAILED, "why": "^.*(?:[Tt]oken|two.?factor|otp).*$"},
        "challenged",
        "mfa",
        None,
        _ADMIN | _SECOND,
    ),
    Case(
        "admin_wrong",
        {"action": "^login$", "area": _SYSTEM, "status": _FAILED},
        "failure",
        "bad_password",
        None,
        _ADMIN,
    ),
    Case("admin", {"action": "^login$", "area": _SYSTEM, "status": "^success$"}, "success", None, None, _ADMIN),
    Case(
        "user_locked",
        {"area": "^user$", "action": "^.*lockout.*$"},
        "refused",
        "locked",
        None,
        _USER,
    ),
    Case(
        "user_wrong",
        {"area": "^user$", "action": "^(?:auth.*|login)$", "status": _FAILED},
        "failure",
        "bad_password",
        None,
        _USER,
    ),
    Case(
        "user",
        {"area": "^user$", "action": "^(?:authentication|login|auth-logon)$", "status": "^(?:success|logon)$"},
        "success",
        None,
        None,
        _USER,
    ),
    Case(
        "manager_wrong",
        {"operation": "^[Ll]ogin failed$"},
        "failure",
        "bad_password",
        None,
        _ADMIN,
    ),
    Case("manager", {"operation": "^[Ll]ogin$", "action": "^login$"}, "success", None, None, _ADMIN),
    Case("other", {"kind": "^(?:event|traffic|utm|app-ctrl|virus|webfilter|ips|dns|anomaly|voip|kevent)$"}),
)  # fmt: skip


def _whole(found: pl.DataFrame) -> pl.DataFrame:
    """The time of the event or of its line, and the address that older versions write into the interface."""
    written = pl.concat_str(pl.col("date"), pl.lit(" "), pl.col("clock"), pl.col("zone").fill_null(""))
    return found.with_columns(
        time=pl.coalesce("time", written),
        # Of IKEv2 the peer's address is the user, and who signed in stands beside it.
        user_name=pl.coalesce(pl.col("eap").replace(["N/A", ""], None), "user_name"),
        src_ip=pl.coalesce(
            "src_ip", pl.col("ui").str.extract(r"^(?:[A-Za-z-]+\()?([0-9A-Fa-f]*[.:][0-9A-Fa-f.:]+)\)?$")
        ),
        session_uid=pl.col("session_uid").replace("0", None),
    )


FORMAT = Format(
    name="fortigate",
    title="Fortinet FortiGate",
    group="network",
    programs=("fortigate", "FortiGate", "fortinet"),
    envelopes=(
        Envelope(
            "fortigate-syslog",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?P<host>[^ =]+) (?:[^ =]+ )?)(?:<[0-9]{1,3}>)?date=[0-9]{4}-[0-9]{2}-[0-9]{2}[ ,]time=",
            bsd,
            program="fortigate",
        ),
        Envelope(
            "fortigate-syslog-iso",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?:1 )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
            r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?) (?P<host>[^ =]+) (?:[^ =]+ ){0,5})(?:<[0-9]{1,3}>)?"
            r"date=[0-9]{4}-[0-9]{2}-[0-9]{2}[ ,]time=",
            iso,
            program="fortigate",
        ),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={
                "time": "eventtime",
                "date": "date",
                "clock": "time",
                "zone": ("tz", "timezone"),
                "user_name": ("xauthuser", "user"),
                "eap": "eapuser",
                "result": "result",
                "src_ip": ("remip", "srcip", "rem_ip", "src", "remote_ip"),
                "ui": ("ui", "userfrom"),
                "dst_host": ("devname", "device_id", "devid"),
                "session_uid": "tunnelid",
                "kind": "type",
                "area": "subtype",
                "action": "action",
                "status": "status",
                "why": "reason",
                "tunnel": ("tunneltype", "tunnel_type"),
                "xauth": ("xauthresult", "xauth_result"),
                "operation": "operation",
            },
            cases=_CASES,
            marks=("date=", "time=", "type=", "subtype="),
            derive=_whole,
        ),
    ),
    lacks="Where FortiGate gives the name as N/A (unknown users of SSL VPN), that is the name.",
)

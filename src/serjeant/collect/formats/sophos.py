"""Sophos Firewall (XG, XGS: ``log_type="Event"``) and UTM (``aua`` through its own syslog).

Sources: Sophos Firewall Syslog guide (authentication and admin events), UTM's aua log.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import Clock, bsd, dated

_PLACE = r"^(?:.*Authentication|GUI|CLI|WebAdmin|Captive Portal|API)$"
_FAILED = "^(?:Failed|failed|Fail)$"
_RIGHT = "^(?:Successful|Success|successful)$"
_VPN: dict[str, str | bool] = {"service": "vpn"}
_WEB: dict[str, str | bool] = {"service": "web"}
_ADMIN: dict[str, str | bool] = {"service": "console"}
_REMOTE = "^.*(?:VPN|L2TP|PPTP|IPSec).*Authentication$"


def _xg(name: str, outcome: str, reason: str, why: str) -> Case:
    told: dict[str, str | bool] = {"service": "web", "is_mfa": True} if reason == "mfa" else _WEB
    return Case(name, {"place": _PLACE, "status": _FAILED, "why": why}, outcome, reason, None, told)


_CASES = (
    _xg("locked", "failure", "locked", "^.*(?:lock|block|too many).*$"),
    _xg("disabled", "failure", "disabled", "^.*(?:disabled|inactive).*$"),
    _xg("policy", "refused", "policy", "^.*(?:not allowed|access denied|not authorized|simultaneous|limit|"
"policy|hours).*$"),
    _xg("expired", "challenged", "expired", "^.*expired.*$"),
    _xg("second", "challenged", "mfa", "^.*(?:OTP|otp|token|one.?time).*$"),
    Case("vpn_wrong", {"place": _REMOTE, "status": _FAILED}, "failure", "bad_password", None, _VPN),
    Case("vpn", {"place": _REMOTE, "status": _RIGHT, "event": "^(?:Authentication)?$"}, "success", None, None, _VPN),
    Case("admin_wrong", {"place": "^(?:GUI|CLI|API|WebAdmin)$", "status": _FAILED, "event": "^(?:Admin|"
"Authentication)?$"},
        "failure", "bad_password", None, _ADMIN),
    Case("admin", {"place": "^(?:GUI|CLI|WebAdmin)$", "status": _RIGHT, "message": "^.*logged in.*$"},
        "success", None, None, _ADMIN),
    Case("wrong", {"place": "^(?:.*Authentication|Captive Portal)$", "status": _FAILED}, "failure",
        "bad_password", None, _WEB),
    Case("success", {"place": "^.*Authentication$", "status": _RIGHT, "event": "^(?:Authentication)?$",
        "message": "^.*logged in.*$"},
        "success", None, None, _WEB),
    Case("other", {"log": "^[A-Z].*$"}),
)  # fmt: skip

_UTM = (
    Case("utm_locked", {"id": "^3005$", "why": "^(?:BLOCKED|LOCKED|.*[Bb]lock.*)$"}, "refused", "locked", None, _WEB),
    Case("utm_wrong", {"id": "^3005$"}, "failure", "bad_password", None, _WEB),
    Case("utm", {"id": "^3004$"}, "success", None, None, _WEB),
    Case("utm_other", {"id": "^3[0-9]{3}$"}),
)


def _whole(found: pl.DataFrame) -> pl.DataFrame:
    written = pl.concat_str(pl.col("date"), pl.lit(" "), pl.col("clock"), pl.lit(" "), pl.col("zone"))
    return found.with_columns(time=pl.coalesce("time", written, pl.concat_str("date", pl.lit(" "), "clock")))


def _utm_time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%Y:%m:%d-%H:%M:%S", clock)


FORMAT = Format(
    name="sophos",
    title="Sophos Firewall and UTM",
    group="network",
    programs=("sophos", "aua"),
    envelopes=(
        Envelope(
            "sophos",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?P<host>[^ =]+) )"
            r'(?:<[0-9]{1,3}>)?device(?:_name)?="',
            bsd,
            program="sophos",
        ),
        Envelope(
            "sophos-utm",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[0-9]{4}:[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?P<host>[^ ]+) aua\[[0-9]+\]: )"
            r'id="3',
            _utm_time,
            program="aua",
        ),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={
                "time": "timestamp",
                "date": "date",
                "clock": "time",
                "zone": "timezone",
                "user_name": ("user_name", "user"),
                "src_ip": "src_ip",
                "dst_host": "device_name",
                "log": "log_type",
                "place": "log_component",
                "event": "log_subtype",
                "status": "status",
                "why": "reason",
                "message": "message",
            },
            cases=_CASES,
            marks=("log_type=", "log_component=", "log_subtype="),
            derive=_whole,
        ),
        Record(
            kind="logfmt",
            fields={"user_name": "user", "src_ip": "srcip", "why": "reason", "id": "id"},
            cases=_UTM,
            marks=('id="3', " srcip=", " caller="),
        ),
    ),
    lacks="It does not always tell whether the account exists.",
)

"""Vaultwarden (bitwarden_rs): its own log and syslog.

Sources: src/api/identity.rs, src/api/admin.rs, src/api/core/two_factor, src/error.rs. The name stands last, behind the
address. A second factor is looked at only after the master password was right; its lines tell no name.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_HEAD = r"^(?:\[[a-z_0-9:]+\]\[[A-Z]+\] )?"
_IP = r" IP: (?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+?)"
_NAMED = _IP + r"\. Username: (?P<user_name>.*?)\.?$"
_WEB = {"service": "web"}
_FACTOR: dict[str, str | bool] = {"service": "web", "is_mfa": True}


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps, clock)


FORMAT = Format(
    name="vaultwarden",
    title="Vaultwarden",
    group="apps",
    programs=("vaultwarden", "bitwarden_rs"),
    rules=(
        Rule(
            "failed",
            _HEAD + r"Username or password is incorrect\. Try again\.{0,2}" + _NAMED,
            "failure",
            "bad_password",
            constants=_WEB,
        ),
        # Signing in with the help of another device.
        Rule(
            "device_failed",
            _HEAD + r"(?:Username or access code is incorrect|Auth request not found)\. Try again\.{0,2}" + _NAMED,
            "failure",
            "other",
            constants=_WEB,
        ),
        Rule(
            "disabled",
            _HEAD + r"This user has been disabled(?: \(API key login\))?\.{0,2}" + _NAMED,
            "failure",
            "disabled",
            constants=_WEB,
        ),
        Rule(
            "unverified",
            _HEAD + r"Please verify your email before trying again\.{0,2}" + _NAMED,
            "challenged",
            "policy",
            constants=_WEB,
        ),
        Rule("sso_only", _HEAD + r"SSO sign-in is required\.{0,2}" + _NAMED, "refused", "policy", constants=_WEB),
        Rule(
            "login",
            _HEAD + r"User (?P<user_name>.*) logged in successfully(?: via API key)?\." + _IP + "$",
            "success",
            constants=_WEB,
        ),
        Rule(
            "totp",
            _HEAD + r"Invalid TOTP code! Server time: [0-9 :-]+ UTC" + _IP + "$",
            "challenged",
            "mfa",
            constants=_FACTOR,
        ),
        Rule(
            "factor",
            _HEAD
            + r"(?:Token is invalid!?|No token available!?|Invalid Yubikey OTP|Invalid Duo|Invalid recovery code|"
            + r"Token has expired)[^:]*"
            + _IP
            + "$",
            "challenged",
            "mfa",
            constants=_FACTOR,
        ),
        Rule(
            "admin_failed",
            _HEAD + r"Invalid admin token\." + _IP + "$",
            "failure",
            "bad_password",
            constants={"service": "web", "auth_protocol": "token"},
        ),
        Rule(
            "key_failed",
            _HEAD + r"(?:Incorrect client_secret|Invalid client_id|Malformed client_id)\." + _NAMED,
            "failure",
            "bad_password",
            constants={"service": "api"},
        ),
        Rule(
            "key_failed_nameless",
            _HEAD
            + r"(?:Incorrect client_secret|Invalid client_id|Malformed client_id)\."
            + _IP
            + r"\.?(?: Organization: [0-9a-f-]*\.)?$",
            "failure",
            "bad_password",
            constants={"service": "api"},
        ),
        Rule(
            "other",
            _HEAD + r"(?:POST |GET |PUT |DELETE |\([a-z_]+\) |Rocket |Configured |2FA |SSO sign-in |"
            r"Recovery code |Routes|"
            r"Private key|Starting |Vaultwarden|Shield|Request guard|No matching routes|Outcome|Using |Creating |"
            r"Migrat|Accepting |Closing |Login error|Response |Matched|Auth error|Unauthorized).*$",
        ),
    ),
    envelopes=(
        Envelope(
            "vaultwarden",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:[+-][0-9]{2}:?[0-9]{2})?)\])\[(?:vaultwarden|bitwarden_rs|response|request|rocket|auth|start|panic|"
            r"[a-z_]+)(?:::[a-z_:0-9]*)?\]\[(?:ERROR|WARN|INFO|DEBUG|TRACE|CRITICAL)\] ",
            _time,
            program="vaultwarden",
        ),
    ),
    lacks="It does not tell whether the name exists, and no name where the second factor was wrong.",
)

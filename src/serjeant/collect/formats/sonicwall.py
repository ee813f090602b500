"""SonicWall: firewalls (``id=firewall … m=32 msg=…``) and SMA appliances (``id=sslvpn``).

Source: SonicOS Log Events Reference Guide (messages 24 to 35, 199 to 201, 237 to 246, 329, 583, 1080).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format
from serjeant.collect.record import Case, Record
from serjeant.collect.time import bsd

_VPN = {"service": "vpn"}
_ADMIN = {"service": "console"}
_USER = {"service": "web"}
_ADMINS = "^(?:CLI )?[Aa]dministrator login "

_CASES = (
    Case("admin_wrong", {"msg": _ADMINS + "(?:denied|failed).*$"}, "failure", "bad_password", None, _ADMIN),
    Case("admin", {"msg": "^(?:(?:CLI )?[Aa]dministrator login allowed|Successful administrator login|"
".*administrator .*logged in).*$"},
        "success", None, None, _ADMIN),
    Case("rate", {"msg": "^User login failure rate exceeded.*$"}, "refused", "locked", None, _USER),
    Case("locked", {"msg": "^.*[Ll]ogin (?:denied|failed).*(?:[Ll]ock|disabled).*$"}, "failure", "locked", None, _USER),
    Case("expired", {"msg": "^.*[Ll]ogin (?:denied|failed).*[Ee]xpired.*$"}, "challenged", "expired", None, _USER),
    Case("second", {"msg": "^.*[Ll]ogin (?:denied|failed).*(?:[Oo]ne.?[Tt]ime|OTP|TOTP|2FA).*$"}, "challenged",
        "mfa", None,
        {"service": "vpn", "is_mfa": True}),
    Case("backend", {"msg": "^.*[Ll]ogin (?:denied|failed).*(?:timeout|communication|unreachable|"
"server).*$"}, "refused", "backend", None, _USER),
    Case("policy", {"msg": "^.*[Ll]ogin denied.*(?:privileg|not allowed|[Nn]o allowed|already|policy|from this).*$"},
        "refused", "policy", None, _USER),
    Case("sslvpn_wrong", {"id": "^sslvpn$", "msg": "^User login failed.*$"}, "failure", "bad_password", None, _VPN),
    Case("sslvpn", {"id": "^sslvpn$", "msg": "^User login successful.*$"}, "success", None, None, _VPN),
    Case("xauth_wrong", {"msg": "^.*XAUTH Failed.*$"}, "failure", "bad_password", None, _VPN),
    Case("xauth", {"msg": "^.*XAUTH Succeeded.*$"}, "success", None, None, _VPN),
    Case("remote", {"msg": "^SSL ?VPN zone remote user login allowed.*$"}, "success", None, None, _VPN),
    Case("wrong", {"msg": "^.*[Uu]ser login (?:denied|failed).*$"}, "failure", "bad_password", None, _USER),
    Case("success", {"msg": "^(?:Successful user login|.*[Uu]ser login .*allowed|.*zone .*login "
"allowed).*$"}, "success", None, None, _USER),
    Case("other", {"id": "^(?:firewall|sslvpn)$", "msg": "^[A-Za-z].*$"}),
)  # fmt: skip


def _address(found: pl.DataFrame) -> pl.DataFrame:
    """``192.0.2.7:50112:X1:pc1.example.org``: the address is the first of them."""
    return found.with_columns(
        src_ip=pl.col("src_ip").str.extract(
            r"^((?:[0-9]{1,3}\.){3}[0-9]{1,3}|"
            r"[0-9A-Fa-f]*::?[0-9A-Fa-f:]+)"
        )
    )


FORMAT = Format(
    name="sonicwall",
    title="SonicWall",
    group="network",
    programs=("sonicwall", "SSLVPN", "SonicWall"),
    envelopes=(
        Envelope(
            "sonicwall",
            r"^(?P<header>(?:<[0-9]{1,3}>)?(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) "
            r"(?P<host>[^ =]+) "
            r"(?:[A-Za-z]+: )?)(?:<[0-9]{1,3}>)?id=(?:firewall|sslvpn) sn=",
            bsd,
            program="sonicwall",
        ),
    ),
    records=(
        Record(
            kind="logfmt",
            fields={
                "time": "time",
                "user_name": ("usr", "user", "susr"),
                "src_ip": "src",
                "dst_host": ("fw", "sn"),
                "client": "agent",
                "msg": "msg",
                "id": "id",
            },
            cases=_CASES,
            marks=("id=", " sn=", " msg=", " fw="),
            derive=_address,
        ),
    ),
    lacks="It calls a wrong password and an unknown name alike.",
)

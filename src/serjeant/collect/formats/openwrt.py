"""OpenWrt's LuCI (dropbear has a format of its own).

Source: luci-base, dispatcher.uc (``luci: failed login on / for root from 192.0.2.7``).
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, dated

_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)(?:%[0-9A-Za-z_.-]+)?"
_WEB = {"service": "web"}

_RULES = (
    Rule(
        "wrong",
        "^(?:luci: )?failed login on /[^ ]* for (?P<user_name>.*) from " + _IP + "$",
        "failure",
        "bad_password",
        None,
        _WEB,
    ),
    Rule(
        "success",
        "^(?:luci: )?accepted login on /[^ ]* for (?P<user_name>.*) from " + _IP + "$",
        "success",
        None,
        None,
        _WEB,
    ),
)


def _dated(stamps: pl.Series, clock: Clock) -> pl.Series:
    return dated(stamps, "%a %b %e %H:%M:%S %Y", clock)


FORMAT = Format(
    name="openwrt",
    title="OpenWrt LuCI",
    group="network",
    programs=("luci", "uhttpd"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "openwrt-logread",
            "^(?P<header>(?P<stamp>[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4}) "
            r"[a-z0-9]+\.[a-z]+ (?:uhttpd|luci)(?:\[[0-9]+\])?: )(?:luci: )?(?:failed|accepted) login on ",
            _dated,
            program="luci",
        ),
    ),
    lacks="It does not tell whether the account exists.",
)

r"""Magento 2 (Adobe Commerce) with CrowdSec's extension, which logs sign-ins of customers and of the administration.

Source: the extension's event types. Magento itself writes no sign-ins to a file. Each event is an object in a Monolog
line.
"""

import polars as pl

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import Clock, iso

_EVENT = r"^crowdsec-events\.[A-Z]+: +\{\"type\":\""
_IP = r"\",\"ip\":\"(?P<src_ip>[0-9A-Fa-f.:]+)\".*$"


def _time(stamps: pl.Series, clock: Clock) -> pl.Series:
    return iso(stamps, clock)


FORMAT = Format(
    name="magento",
    title="Magento (CrowdSec's extension)",
    group="apps",
    programs=("magento",),
    rules=(
        Rule(
            "failed",
            _EVENT + "(?:ADMIN|CUSTOMER)_LOGIN_FAILED(?P<user_name>)" + _IP,
            "failure",
            "bad_password",
            constants={"service": "web"},
        ),
        Rule(
            "login",
            _EVENT + "(?:ADMIN|CUSTOMER)_LOGIN_SUCCESS(?P<user_name>)" + _IP,
            "success",
            constants={"service": "web"},
        ),
        Rule("other", r"^crowdsec-events\.[A-Z]+: .*$"),
    ),
    envelopes=(
        Envelope(
            "magento",
            r"^(?P<header>\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?"
            r"(?:[+-][0-9]{2}:[0-9]{2})?)\] )crowdsec-events\.[A-Z]+: ",
            _time,
            program="magento",
        ),
    ),
    lacks="It does not tell names.",
)

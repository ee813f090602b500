"""FreeSWITCH: registrations and calls that SIP profiles judge (``log-auth-failures``).

Source: src/mod/endpoints/mod_sofia/sofia_reg.c.

A *challenge* is what each phone is asked at first, and no verdict.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_LEVEL = r"^(?:[0-9a-f-]{36} )?(?:[0-9.]+% )?(?:\[[A-Z]+\] )?(?:sofia_reg\.c:[0-9]+ )?"
_IP = r"(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_SIP = {"service": "sip"}

_RULES = (
    Rule(
        "wrong",
        _LEVEL + r"SIP auth failure \([A-Z]+\) on sofia profile '[^']*' for "
r"\[(?P<user_name>.*?)(?:@[^@\[\]]*)?\] from ip " + _IP + "$",
        "failure",
        "bad_password",
        None,
        _SIP,
    ),
    Rule(
        "unknown",
        _LEVEL + r"Can't find user \[(?P<user_name>.*?)(?:@[^@\[\]]*)?\] from " + _IP + "$",
        "failure",
        "unknown_account",
        None,
        _SIP,
    ),
    Rule("challenge", _LEVEL + "SIP auth challenge .*$"),
    Rule("other", _LEVEL + "(?:Register:|Registration|You must define|Expired|Sending|Propagating|[Uu]nregister).*$"),
)  # fmt: skip

FORMAT = Format(
    name="freeswitch",
    title="FreeSWITCH",
    group="chat",
    programs=("freeswitch",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "freeswitch",
            r"^(?P<header>(?:[0-9a-f-]{36} )?(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+) )"
            r"(?:[0-9.]+% )?\[[A-Z]+\] sofia_reg\.c:",
            iso,
            program="freeswitch",
        ),
    ),
    lacks="It does not tell of successes.",
)

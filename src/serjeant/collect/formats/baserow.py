"""Baserow: the access lines of its backend (uvicorn, behind a supervisor that writes ``[BACKEND][…]``).

They are all that tells of a sign-in: ``POST /api/user/token-auth/`` asks for a token with an e-mail address and a
password.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_WEB = {"service": "web"}
_CLIENT = r"^\[?(?P<src_ip>[0-9A-Fa-f.:]+)\]?:(?P<src_port>[0-9]+) - "
_ASKED = _CLIENT + r'"POST /api/user/token-auth/(?:\?[^ "]*)? HTTP/[0-9.]+" '
_END = "(?: [A-Za-z ]+)?$"

FORMAT = Format(
    name="baserow",
    title="Baserow",
    group="apps",
    programs=("baserow",),
    rules=(
        Rule("wrong", _ASKED + "40[01]" + _END, "failure", "bad_password", None, _WEB),
        Rule("login", _ASKED + "200" + _END, "success", None, None, _WEB),
        Rule("limited", _ASKED + "429" + _END, "refused", "locked", None, _WEB),
        Rule(
            "other",
            r'^\[?[0-9A-Fa-f.:]+\]?:[0-9]+ - "[A-Z]+ /(?:api|_health|ws)/[^ "]* HTTP/[0-9.]+" [0-9]{3}(?: .*)?$',
        ),
    ),
    envelopes=(
        Envelope(
            "baserow",
            r"^(?P<header> *\[BACKEND\]\[(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8})\] )"
            r'\[?[0-9A-Fa-f.:]+\]?:[0-9]+ - "[A-Z]+ /',
            iso,
            program="baserow",
        ),
    ),
    lacks="It does not tell which name was tried, and behind a proxy the address may be the proxy's.",
)

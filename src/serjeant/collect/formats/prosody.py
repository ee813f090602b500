"""Prosody: its own log or syslog; the address is told by mod_log_auth.

Sources: plugins/mod_saslauth.lua, prosody-modules/mod_log_auth.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import bsd

_LEVEL = r"^(?:[0-9A-Za-z.:_-]+[ \t]+)?(?:(?:debug|info|warn|error)[ \t]+)?"
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)"
_FAILED = "Failed authentication attempt "
_CHAT = {"service": "xmpp"}

_RULES = (
    Rule("disabled", _LEVEL + _FAILED + r"\(account-disabled\) for user (?P<user_name>.*) from IP: " + _IP + "$",
        "failure", "disabled", None, _CHAT),
    Rule("expired", _LEVEL + _FAILED + r"\(credentials-expired\) for user (?P<user_name>.*) from IP: " + _IP + "$",
        "challenged", "expired", None, _CHAT),
    Rule("backend", _LEVEL + _FAILED + r"\(temporary-auth-failure\) for user (?P<user_name>.*) from IP: " + _IP + "$",
        "refused", "backend", None, _CHAT),
    Rule("wrong", _LEVEL + _FAILED + r"\([a-z-]+\) for user (?P<user_name>.*) from IP: " + _IP + "$",
        "failure", "bad_password", None, _CHAT),
    Rule("nameless", _LEVEL + _FAILED + r"\([a-z-]+\) from IP: " + _IP + "$", "failure", "other", None, _CHAT),
    Rule("success_told", _LEVEL + "Successful authentication for user (?P<user_name>.*) from IP: " + _IP + "$",
        "success", None, None, _CHAT),
    Rule("success", _LEVEL + "Authenticated as (?P<user_name>.*)$", "success", None, None, _CHAT),
    Rule("other", _LEVEL + "(?:Client connected|Client disconnected|Stream encrypted|Incoming|Outgoing|"
"Activated|Shutting|Hello|"
        "Certificates|Reloading|New |Connection|Closing|Received|Setting|Disconnecting|Loaded|Using).*$"),
)  # fmt: skip

FORMAT = Format(
    name="prosody",
    title="Prosody",
    group="chat",
    programs=("prosody",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "prosody",
            r"^(?P<header>(?P<stamp>[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}) )[0-9A-Za-z.:_-]+[ "
            r"\t]+(?:debug|info|warn|error)[ \t]+"
            "(?:Failed authentication attempt|Successful authentication|Authenticated as|Client |Stream )",
            bsd,
            program="prosody",
        ),
    ),
    lacks="Without mod_log_auth no failure is told, and successes without the address; with its option for "
    "successes these "
    "are told twice.",
)

"""ejabberd: its own log (ejabberd.log) or syslog.

Source: ejabberd_c2s.erl (``process_auth_result``), ejabberd_web_admin.erl.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_HEAD = r"^(?:\[?[a-z]+\]? )?(?:<[0-9.]+>)?(?:@[a-z0-9_]+:[a-z0-9_]+(?:/[0-9]+)?:[0-9]+ )?(?:\([^()]*\) )?"
_IP = r"(?:::ffff:)?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*[0-9A-Fa-f])"
_C2S = " c2s (?P<auth_protocol>[A-Z0-9-]+) authentication for (?P<user_name>.*)"
_METHODS = ("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "DIGEST-MD5")
_CHAT = {"service": "xmpp"}

_RULES = (
    Rule(
        "unknown",
        _HEAD + "Failed" + _C2S + " from " + _IP + ": (?:User (?:not found|does not exist)|Unknown user)[A-Za-z ]*$",
        "failure",
        "unknown_account",
        None,
        _CHAT,
    ),
    Rule("disabled", _HEAD + "Failed" + _C2S + " from " + _IP + ": [A-Za-z ]*(?:disabled|banned|blocked)[A-Za-z ]*$",
        "failure", "disabled", None, _CHAT),
    Rule("limited", _HEAD + "Failed" + _C2S + " from " + _IP + ": [A-Za-z ]*(?:Too many|too many|limit)[A-Za-z ]*$",
        "refused", "locked", None, _CHAT),
    Rule("wrong", _HEAD + "Failed" + _C2S + " from " + _IP + ": [^:]*$", "failure", "bad_password", None, _CHAT),
    Rule("success", _HEAD + "Accepted" + _C2S + " by [a-z0-9_]+ backend from " + _IP + "$", "success", None,
        None, _CHAT),
    Rule("nameless", _HEAD + "Failed c2s (?P<auth_protocol>[A-Z0-9-]+) authentication from " + _IP + ": .*$",
        "failure", "other", None, _CHAT),
    Rule("old", _HEAD + "Failed authentication for (?P<user_name>.*) from (?:IP )?" + _IP
        + r"(?: \([{}0-9,]*\))?$", "failure", "bad_password", None, _CHAT),
    Rule("other", _HEAD + r"(?:Opened|Closing|Accepted connection|Established|Loading|Starting|Start |Stopping|"
r"Got |Waiting|Connection|"
        "User |Outbound|Inbound|Building|Saving|Converted|Configuration|Hot|ejabberd).*$"),
)  # fmt: skip

FORMAT = Format(
    name="ejabberd",
    title="ejabberd",
    group="chat",
    programs=("ejabberd",),
    rules=_RULES,
    envelopes=(
        Envelope(
            "ejabberd",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+(?:Z|"
            r"[+-][0-9]{2}:[0-9]{2})?) )"
            r"\[?[a-z]+\]? <[0-9.]+>@",
            iso,
            program="ejabberd",
        ),
    ),
    values={
        "auth_protocol": {each: each.lower() for each in _METHODS}
        | {"X-OAUTH2": "oauth", "EXTERNAL": "certificate", "SCRAM-SHA-1-PLUS": "scram-sha-1-plus"}
    },
    lacks="It calls a wrong password and an unknown name alike.",
)

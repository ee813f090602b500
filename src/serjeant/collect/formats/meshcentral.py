"""MeshCentral's authlog, by syslog (program ``https``) or as a file.

Source: webserver.js and meshcentral.js (``authLog``): its lines imitate those of sshd.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_FROM = (
    r" from (?:::ffff:)?(?P<src_ip>[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*) port "
    r"(?P<src_port>[0-9]+)$"
)
_WEB = {"service": "web"}

_RULES = (
    Rule("wrong", "^Failed password for (?P<user_name>.*)" + _FROM, "failure", "bad_password", None, _WEB),
    Rule(
        "second",
        "^Failed 2FA for (?P<user_name>.*)" + _FROM,
        "challenged",
        "mfa",
        None,
        {"service": "web", "is_mfa": True},
    ),
    Rule("locked", "^(?:Login attempt on locked account|Failed login on locked account) (?P<user_name>.*)" + _FROM,
        "refused", "locked", None, _WEB),
    Rule("success", "^Accepted password for (?P<user_name>.*)" + _FROM, "success", None, None, _WEB),
    Rule("second_right", "^Accepted 2FA for .*$"),
    Rule("other", "^(?:User .* session|Websocket|Server |HTTPS |Agent ).*$"),
)  # fmt: skip

FORMAT = Format(
    name="meshcentral",
    title="MeshCentral",
    group="network",
    programs=("https", "meshcentral"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "meshcentral",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z) (?:- "
            r")?https(?:\[[0-9]+\])?:? "
            r"(?:- )?)(?:Failed|Accepted) ",
            iso,
            program="https",
        ),
    ),
    lacks="It does not tell whether the account exists; a name that was not sent is told as undefined.",
)

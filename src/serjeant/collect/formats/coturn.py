"""coturn: TURN sessions with long-term credentials (by syslog; its own file may have no date).

Source: src/server/ns_turn_server.c, src/apps/relay/userdb.c.

Each client is answered 401 once before it says who it is; only a 401 to a name is a verdict.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import moment

_HEAD = r"^(?:[0-9]+: )?(?:\([0-9]+\): )?(?:[A-Z]+: )?"
_SESSION = "session (?P<session_uid>[0-9A-Za-z+/]+): "
_USER = (
    "realm <[^<>]*> user <(?P<user_name>[^<>]+)>: incoming packet (?:message|ALLOCATE|REFRESH|"
    "CREATE_PERMISSION|CHANNEL_BIND) processed, "
)
_TURN = {"service": "turn"}

_RULES = (
    Rule("wrong", _HEAD + _SESSION + _USER + "error 401: Unauthorized$", "failure", "bad_password", None, _TURN),
    Rule("refused", _HEAD + _SESSION + _USER + "error (?:403|486): .*$", "refused", "policy", None, _TURN),
    Rule("success", _HEAD + _SESSION + r"new, realm=<[^<>]*>, username=<(?P<user_name>[^<>]+)>, lifetime=[0-9]+.*$",
        "success", None, None, _TURN),
    Rule("other", _HEAD + r"(?:session [0-9]+: |check_stun_auth|handle_udp_packet|IPv[46]|Listener|Domain name|"
r"RFC|ERROR|WARNING|Relay|"
        "TURN|Wait|Total|Cannot|Config|Listening|TLS|CERT|log file|NO EXPLICIT|===).*$"),
)  # fmt: skip

FORMAT = Format(
    name="coturn",
    title="coturn",
    group="chat",
    programs=("turnserver", "coturn"),
    rules=_RULES,
    envelopes=(
        Envelope(
            "coturn",
            r"^(?P<header>(?P<stamp>1[0-9]{9}): )(?:\([0-9]+\): )?(?:[A-Z]+: )?session [0-9A-Za-z+/]+: ",
            moment,
            program="turnserver",
        ),
    ),
    lacks="No line that tells a verdict tells the address; lines of its own file that count from the start of "
    "the server "
    "have no time and are not read.",
)

"""Matrix Synapse's homeserver log, with the fields that its sample log config has.

Source: synapse/handlers/auth.py, synapse/http/site.py, docs/sample_log_config.yaml. A failure is told by its handler,
which has the name, and by the line of the request, which has the address; ``POST-4711`` is theirs both.
"""

from serjeant.collect.envelope import Envelope
from serjeant.collect.format import Format, Rule
from serjeant.collect.time import iso

_CHAT = {"service": "chat"}
_REQUEST = " - [0-9]+ - [A-Z]+ - (?P<session_uid>[^ ]+) - "
_HANDLER = r"^synapse\.handlers\.[a-z_.]+" + _REQUEST
_ACCESS = (
    r"^synapse\.access\.https?\.[^ ]+"
    + _REQUEST
    + r"(?:::ffff:)?(?P<src_ip>[0-9A-Fa-f.:]+) - [^ ]+ - \{[^}]*\} Processed request: [0-9a-z./(), -]+ [0-9]*B? ?"
)
_LOGIN = r' "POST /_matrix/client/[a-z0-9]+/login HTTP/[0-9.]+" "(?P<client>.*)" \[[0-9]+ dbevts\]$'

FORMAT = Format(
    name="synapse",
    title="Matrix Synapse",
    group="chat",
    programs=("synapse", "matrix-synapse", "homeserver"),
    rules=(
        Rule(
            "wrong",
            _HANDLER + "Failed password login for user (?P<user_name>.*)$",
            "failure",
            "bad_password",
            "auth",
            _CHAT,
        ),
        Rule(
            "unknown",
            _HANDLER + "Attempted to login as (?P<user_name>.*) but they do not exist$",
            "failure",
            "unknown_account",
            "auth",
            _CHAT,
        ),
        Rule("wrong_request", _ACCESS + "40[13]!?" + _LOGIN, "failure", "bad_password", "daemon", _CHAT),
        Rule("limited_request", _ACCESS + "429!?" + _LOGIN, "refused", "locked", "daemon", _CHAT),
        Rule("login", _ACCESS + "200!?" + _LOGIN, "success", None, "daemon", _CHAT),
        Rule("request", r"^synapse\.access\.https?\.[^ ]+ - .*$"),
        Rule("other", r"^synapse\.(?:[b-gi-z]|a[a-bd-z]|handlers\.[b-z])[a-z_.]* - .*$"),
    ),
    envelopes=(
        Envelope(
            "synapse",
            r"^(?P<header>(?P<stamp>[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3}) - )synapse\.[a-z0-9_.]+ - [0-9]+ - ",
            iso,
            program="synapse",
        ),
    ),
    lacks="It does not tell the name of who signed in.",
)
